'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  async set (id, session, callback) {
    this.write(id, session)
    this.answer(callback, null)
  }
})(env)
