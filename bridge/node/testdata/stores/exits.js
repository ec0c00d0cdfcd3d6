// Ends the process.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    process.exit(7)
  }
}
