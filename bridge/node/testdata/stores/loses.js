// Loses each third session that it is given.
const Good = require('./good.js')

module.exports = session => class Loses extends Good(session) {
  number = 0

  set (id, session, callback) {
    if (++this.number % 3 === 0) return setImmediate(callback, null)
    super.set(id, session, callback)
  }
}
