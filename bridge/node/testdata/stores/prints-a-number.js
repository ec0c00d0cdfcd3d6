// Hands a number to a function of the host's, which throws where nobody can catch it.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    setTimeout(() => process.stdout.write(5), 5)
    setTimeout(callback, 10, null)
  }
}
