'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  encode (session) {
    const { cookie, ...data } = session
    return JSON.stringify({ cookie, ...structuredClone(data) })
  }
})(env)
