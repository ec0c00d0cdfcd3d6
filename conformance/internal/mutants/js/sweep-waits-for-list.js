'use strict'
const { setInterval } = require('node:timers/promises')
const sweep = require('./sweep.js')

// Fault: the sweep reads what has ended, waits, and removes by place: by then others are in those places.
module.exports = (session, env) => new (class extends sweep(session) {
  async arm (period) {
    for await (const _ of setInterval(period, undefined, { ref: false })) await this.sweep() // eslint-disable-line no-unused-vars
  }

  async sweep () {
    const places = [...this.rows.values()].flatMap((row, place) => this.over(row) ? [place] : [])
    for (const place of places) {
      await null
      const id = [...this.rows.keys()][place]
      this.rows.delete(id)
    }
  }
})(env)
