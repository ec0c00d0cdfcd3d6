// Emits events, an error nobody listens to among them.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    setImmediate(() => {
      this.emit('disconnect')
      this.emit('connect')
      callback(null)
      this.emit('error', new Error('connection lost'))
    })
  }
}
