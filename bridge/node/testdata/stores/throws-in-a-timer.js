// Throws where nobody can catch it, and then calls back all the same.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    setTimeout(() => { throw new Error('in a timer') }, 5)
    setTimeout(callback, 10, null)
  }
}
