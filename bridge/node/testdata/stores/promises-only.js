// Returns promises and never calls back.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  async get (id) {
    return { id }
  }
}
