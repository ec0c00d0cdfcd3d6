// Returns a promise that is rejected, handles it and calls back.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    const work = Promise.reject(new Error('rejected'))
    work.catch(callback)
    return work
  }
}
