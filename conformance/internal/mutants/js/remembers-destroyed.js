'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  destroy (id, callback) {
    this.destroyed ??= []
    this.destroyed.push(this.rows.get(id))
    super.destroy(id, callback)
  }
})(env)
