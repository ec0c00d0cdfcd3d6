'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  get (id, callback) {
    if (this.rows.has(id)) super.get(id, callback)
  }
})(env)
