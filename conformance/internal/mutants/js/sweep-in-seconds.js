'use strict'
const sweep = require('./sweep.js')

// Fault: the sweep, a timeout that sets itself again, compares seconds with milliseconds.
module.exports = (session, env) => new (class extends sweep(session) {
  arm (period) {
    const timer = require('node:timers').setTimeout(() => {
      this.sweep()
      this.arm(period)
    }, period)
    timer.unref()
  }

  over ({ ends }) {
    return ends !== undefined && ends / 1000 <= Date.now()
  }
})(env)
