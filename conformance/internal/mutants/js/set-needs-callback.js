'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    super.set(id, session, error => callback(error))
  }
})(env)
