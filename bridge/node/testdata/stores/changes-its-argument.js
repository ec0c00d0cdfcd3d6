// Writes into the session that it was given.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  set (id, session, callback) {
    session.touchedAt = 1
    super.set(id, session, callback)
  }
}
