'use strict'
const base = require('./base.js')

// What an async function throws is a rejection, which express-session does not look at.
module.exports = (session, env) => new (class extends base(session) {
  async set (id, session, callback) {
    if (/[^\w-]/.test(id)) throw new TypeError('an odd id')
    super.set(id, session, callback)
  }
})(env)
