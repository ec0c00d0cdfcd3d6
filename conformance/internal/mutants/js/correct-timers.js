'use strict'
const base = require('./base.js')

const longest = 2 ** 31 - 1

// Each session is removed by a timer of its own, which does not ask what time it is and waits in steps for what is far. A heartbeat gives up a
// connection that has not answered since the one before.
module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    this.answered = true
    setInterval(() => {
      if (!this.answered) this.rows.clear()
      this.answered = false
      setTimeout(() => { this.answered = true }, 50).unref()
    }, 10000).unref()
  }

  destroy (id, callback) {
    clearTimeout(this.rows.get(id)?.timer)
    super.destroy(id, callback)
  }

  clear (callback) {
    for (const { timer } of this.rows.values()) clearTimeout(timer)
    super.clear(callback)
  }

  write (id, given) {
    clearTimeout(this.rows.get(id)?.timer)
    super.write(id, given)
    const row = this.rows.get(id)
    const wait = left => {
      row.timer = setTimeout(() => left > longest ? wait(left - longest) : this.rows.delete(id), Math.min(left, longest)).unref()
    }
    if (row.ends !== undefined && row.ends > Date.now()) wait(row.ends - Date.now())
  }
})(env)
