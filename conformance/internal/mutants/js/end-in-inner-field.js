'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  decode (text) {
    const session = JSON.parse(text)
    const { expires, ...cookie } = session.cookie
    session.cookie = expires ? { ...cookie, _expires: expires } : session.cookie
    return session
  }
})(env)
