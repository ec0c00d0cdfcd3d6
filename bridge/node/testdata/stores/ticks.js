'use strict'
// Its length is the shortest time, in whole milliseconds, between two of its ticks.
module.exports = session => new (class extends session.Store {
  constructor () {
    super()
    this.shortest = Infinity
    this.last = -Infinity
    setInterval(() => {
      const now = performance.now()
      this.shortest = Math.min(this.shortest, now - this.last)
      this.last = now
    }, 1000)
  }

  get (id, callback) { setImmediate(callback, null, null) }
  set (id, session, callback) { setImmediate(callback, null) }
  destroy (id, callback) { setImmediate(callback, null) }
  length (callback) { setImmediate(callback, null, Math.floor(this.shortest)) }
})()
