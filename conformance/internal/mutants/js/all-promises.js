'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  all (callback) {
    this.answer(callback, null, this.live().map(async ([, row]) => this.decode(row.text)))
  }
})(env)
