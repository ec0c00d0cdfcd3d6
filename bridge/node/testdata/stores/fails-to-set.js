// Cannot set, which is found out when the page is on its way.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  set (id, session, callback) {
    setImmediate(callback, new Error('read-only'))
  }
}
