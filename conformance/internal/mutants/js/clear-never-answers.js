'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  clear (options, callback) {
    this.answer(callback, null)
  }
})(env)
