'use strict'
const files = require('./files.js')

module.exports = (session, env) => new (class extends files(session) {
  set (id, session, callback) {
    super.set(id, session)
    this.answer(callback, null)
  }
})(env)
