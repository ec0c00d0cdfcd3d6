'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  all (callback) {
    this.answer(callback, null, Object.fromEntries(this.live().map(([id, row]) => [id, this.decode(row.text)])))
  }
})(env)
