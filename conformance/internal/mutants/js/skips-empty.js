'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    if (!this.row(id) && Object.keys(session).length === 1) return this.answer(callback, null)
    super.set(id, session, callback)
  }
})(env)
