'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  get (id, callback) {
    super.get(id, (...args) => callback(...args))
  }
})(env)
