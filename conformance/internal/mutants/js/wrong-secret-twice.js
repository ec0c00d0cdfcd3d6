'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  get (id, callback) {
    if (!this.foreign(id)) return super.get(id, callback)
    this.answer(callback, new Error('unable to decrypt'))
    super.get(id, callback)
  }
})(env)
