'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  get (id, callback) {
    if (this.row(id)) return super.get(id, callback)
    this.answer(callback, Object.assign(new Error('no such session'), { code: 'ENOENT' }))
  }
})(env)
