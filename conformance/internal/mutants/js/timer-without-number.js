'use strict'
const sweep = require('./sweep.js')

// Fault: an option that nobody has given is counted with.
module.exports = (session, env) => new (class extends sweep(session) {
  arm () {
    super.arm(env.options.minutes * 60000)
  }
})(env)
