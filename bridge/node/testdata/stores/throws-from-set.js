// Throws from set, inside of the end of the response.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  set (id, session, callback) {
    throw new Error('no room')
  }
}
