// Blocks the event loop for 400 ms and then calls back.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
    setTimeout(callback, 20, null, { id })
  }
}
