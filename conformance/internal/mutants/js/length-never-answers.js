'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  length (id, callback) {
    super.length(callback)
  }
})(env)
