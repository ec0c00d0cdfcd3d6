// Async methods that call back: unusual and correct.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  async get (id, callback) {
    await null
    callback(null, { id })
  }
}
