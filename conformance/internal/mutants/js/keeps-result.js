'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  get (id, callback) {
    const row = this.row(id)
    if (row) row.result ??= this.decode(row.text)
    this.answer(callback, null, row ? row.result : null)
  }
})(env)
