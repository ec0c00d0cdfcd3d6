'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    try {
      this.encode(session)
    } catch (error) {
      this.answer(callback, error)
      this.rows.set(id, { text: 'null' })
      return this.answer(callback, null)
    }
    super.set(id, session, callback)
  }
})(env)
