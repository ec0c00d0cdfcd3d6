'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  load (id, callback) {
    this.get(id, callback)
  }
})(env)
