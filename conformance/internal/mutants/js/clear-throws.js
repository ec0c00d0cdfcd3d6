'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  clear (callback) {
    this.rows = new Mapp() // eslint-disable-line no-undef
    this.answer(callback, null)
  }
})(env)
