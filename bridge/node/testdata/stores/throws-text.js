// Calls back with a text instead of an Error.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    setImmediate(callback, 'no such table')
  }
}
