'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  createSession (req, session) {
    const made = super.createSession(req, session)
    Object.defineProperty(made, 'touch', { value () { return this } })
    return made
  }
})(env)
