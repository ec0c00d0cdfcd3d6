'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  createSession (req, session) {
    req.session = { ...super.createSession(req, session) }
    return req.session
  }
})(env)
