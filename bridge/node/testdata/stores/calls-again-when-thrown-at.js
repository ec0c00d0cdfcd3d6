// Takes what its callback throws for its own failure and calls back again.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  async get (id, callback) {
    try {
      await null
      callback(null, { id })
    } catch (error) {
      callback(error)
    }
  }
}
