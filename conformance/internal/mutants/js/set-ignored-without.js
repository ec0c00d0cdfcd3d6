'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    if (callback) super.set(id, session, callback)
  }
})(env)
