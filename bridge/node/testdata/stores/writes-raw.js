// Writes to file descriptor 1, without an end of line.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    require('fs').writeSync(1, 'connected to {"db":')
    setImmediate(callback, null)
  }
}
