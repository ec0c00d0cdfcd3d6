'use strict'
const base = require('./base.js')

// A correct store that keeps the ended, counts them, and removes them each hour. The mutants get the sweep wrong.
module.exports = session => class Sweep extends base(session) {
  constructor (env) {
    super(env)
    this.arm(3600000)
  }

  arm (period) {
    setInterval(() => this.sweep(), period).unref()
  }

  sweep () {
    for (const [id, row] of this.rows) if (this.over(row)) this.rows.delete(id)
  }

  over ({ ends }) {
    return ends !== undefined && ends <= Date.now()
  }

  length (callback) {
    this.answer(callback, null, this.rows.size)
  }
}
