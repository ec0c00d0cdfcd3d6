'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    if (!callback) return super.set(id, session)
    super.set(id, session, (...args) => {
      try {
        callback(...args)
      } catch (error) {
        callback(error)
      }
    })
  }
})(env)
