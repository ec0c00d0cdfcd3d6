'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  destroy (id, callback) {
    super.destroy(id, callback)
    // The log of what was destroyed is on a disk that is full.
    Promise.resolve().then(() => { throw new Error('ENOSPC') })
  }
})(env)
