'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  touch (id, session, callback) {
    super.touch(id, session, error => callback(error))
  }
})(env)
