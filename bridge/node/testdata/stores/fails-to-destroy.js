// Cannot destroy, so regenerate must pass the error on.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  destroy (id, callback) {
    setImmediate(callback, new Error('read-only'))
  }
}
