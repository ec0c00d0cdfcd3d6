'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  get (id, callback) {
    if (this.busy) {
      this.busy = false
      return
    }
    super.get(id, callback && ((...args) => {
      this.busy = true
      callback(...args)
      this.busy = false
    }))
  }
})(env)
