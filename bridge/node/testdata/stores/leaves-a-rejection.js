// Leaves a promise rejected that is not the one it returns.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    Promise.reject(new Error('left alone'))
    setTimeout(callback, 5, null)
  }
}
