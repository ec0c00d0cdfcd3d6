'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  createSession (req, session) {
    req.session = super.createSession({ ...req, sessionID: req.sessionID.toLowerCase() + '.sess' }, session)
    return req.session
  }
})(env)
