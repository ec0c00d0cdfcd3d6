'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  length (callback) {
    this.answer(callback, null, [{ server: 'localhost', items: this.live().length }])
  }
})(env)
