'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    try {
      this.encode(session)
    } catch (error) {
      return this.answer(callback, 'the session cannot be stored')
    }
    super.set(id, session, callback)
  }
})(env)
