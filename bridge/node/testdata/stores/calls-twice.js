// Calls back twice in a row.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    setImmediate(() => {
      callback(null, { id })
      callback(null, { id })
    })
  }
}
