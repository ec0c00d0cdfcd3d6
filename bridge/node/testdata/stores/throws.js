// Throws instead of calling back.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    throw Object.assign(new RangeError('thrown'), { code: 'E_THROWN' })
  }
}
