'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  destroy (id, callback) {
    if (!this.rows.has(id)) this.answer(callback, null)
    super.destroy(id, callback)
  }
})(env)
