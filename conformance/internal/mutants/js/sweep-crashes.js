'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    setInterval(() => this.statistics.swept++, 200).unref()
  }
})(env)
