// Keeps the process alive with timers.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    setInterval(() => {}, 60000)
    setInterval(() => {}, 60000)
    setInterval(() => {}, 60000).unref()
    setImmediate(callback, null)
  }
}
