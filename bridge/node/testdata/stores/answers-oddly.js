// Calls back with arguments that have no JSON text, or too many.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    const ring = { id }
    ring.self = ring
    const odd = { ring, bigint: 1n, symbol: Symbol('s'), missing: null, list: [1], surrogate: '\ud800', many: 1 }
    setImmediate(callback, null, odd[id], ...(id === 'many' ? [2, 3] : [undefined]))
  }
}
