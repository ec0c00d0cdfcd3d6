// Blocks the event loop for a second while a call is waited for, and calls back 300 ms later: a process that was stopped has its timers and
// its connections to see to when it goes on.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    setTimeout(() => {
      setTimeout(callback, 1300, null, { id })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
    }, 1)
  }
}
