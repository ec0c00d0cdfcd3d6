'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  createSession (req, session) {
    const { expires } = session.cookie
    const made = super.createSession(req, session)
    made.cookie._expires = expires
    return made
  }
})(env)
