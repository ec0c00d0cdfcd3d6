'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  regenerate (req, callback) {
    if (req.session.user) return super.regenerate(req, callback)
    this.generate(req)
    this.answer(callback)
  }
})(env)
