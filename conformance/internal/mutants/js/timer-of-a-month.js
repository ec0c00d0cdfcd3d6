'use strict'
const sweep = require('./sweep.js')

// Fault: the time between two sweeps is the life of a session.
module.exports = (session, env) => new (class extends sweep(session) {
  arm () {
    super.arm(30 * 24 * 3600 * 1000)
  }
})(env)
