// Says disconnect when it is first asked, and connect never.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    this.emit('disconnect')
    super.get(id, callback)
  }
}
