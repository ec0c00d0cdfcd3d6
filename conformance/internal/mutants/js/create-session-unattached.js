'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  createSession (req, session) {
    return super.createSession({ sessionID: req.sessionID, sessionStore: this }, session)
  }
})(env)
