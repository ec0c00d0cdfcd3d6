'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  all (callback) {
    return Promise.resolve(this.live().map(([, row]) => this.decode(row.text)))
  }
})(env)
