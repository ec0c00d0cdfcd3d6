// Throws from a bare microtask, which has no context of its own.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    queueMicrotask(() => { throw new Error('in a microtask') })
    setTimeout(callback, 10, null)
  }
}
