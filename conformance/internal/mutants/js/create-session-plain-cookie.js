'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  createSession (req, session) {
    const made = super.createSession(req, session)
    made.cookie = { ...made.cookie.data }
    return made
  }
})(env)
