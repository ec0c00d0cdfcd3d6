// Throws long after it called back.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    setImmediate(callback, null)
    setTimeout(() => { throw new Error('when idle') }, 30)
  }
}
