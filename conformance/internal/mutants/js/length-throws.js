'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  length (callback) {
    super.length(callback)
    this.statistics.counted++
  }
})(env)
