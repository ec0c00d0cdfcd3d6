'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  clear (callback) {
    const n = this.rows.size
    this.rows.clear()
    this.answer(callback, n)
  }
})(env)
