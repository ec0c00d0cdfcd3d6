'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  regenerate (req, callback) {
    this.generate(req)
    setImmediate(callback)
  }
})(env)
