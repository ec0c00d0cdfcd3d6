'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  load (id, callback) {
    super.load(id, (error, session) => session || error ? callback(error, session) : callback(new Error('no session')))
  }
})(env)
