'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  touch (id, session, callback) {
    try {
      this.encode(session)
    } catch (error) {
      this.answer(callback, error)
      throw error
    }
    super.touch(id, session, callback)
  }
})(env)
