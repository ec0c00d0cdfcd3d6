// Replaces the global timers, as fake clocks do.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    globalThis.setTimeout = globalThis.setImmediate = globalThis.clearTimeout = () => { throw new Error('a fake clock') }
  }
}
