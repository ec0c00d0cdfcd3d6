'use strict'
const { setTimeout: sleep, setInterval: ticks } = require('node:timers/promises')

// Counts how often each of its timers fires; get answers with the counts.
module.exports = session => new (class extends session.Store {
  constructor () {
    super()
    const fired = this.fired = { interval: 0, timeout: 0, tick: 0, sleep: 0, session: 0 }
    setInterval(() => fired.interval++, 60000).unref()
    const again = () => setTimeout(() => { fired.timeout++; again() }, 61000).unref()
    again()
    ;(async () => { for await (const _ of ticks(62000, 0, { ref: false })) fired.tick++ })() // eslint-disable-line no-unused-vars
    ;(async () => { for (;;) { await sleep(63000, 0, { ref: false }); fired.sleep++ } })()
    setInterval(() => {}, 2 ** 31).unref()
  }

  get (id, callback) { setImmediate(callback, null, { cookie: {}, ...this.fired }) }
  set (id, given, callback) { setTimeout(() => this.fired.session++, 64000).unref(); setImmediate(callback) }
  destroy (id, callback) { setImmediate(callback) }
})()
