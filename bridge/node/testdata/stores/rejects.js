// Returns a promise that is rejected, and nobody handles it.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  async get (id, callback) {
    await null
    throw new Error('rejected')
  }
}
