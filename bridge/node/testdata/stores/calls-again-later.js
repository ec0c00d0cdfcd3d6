// Calls back a second time 60 ms later.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    callback(null, { id })
    setTimeout(callback, 60, new Error('again'))
  }
}
