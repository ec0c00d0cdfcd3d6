'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  async set (id, session, callback) {
    try {
      this.write(id, session)
    } catch (error) {
      this.answer(callback, error)
      throw error
    }
    this.answer(callback, null)
  }
})(env)
