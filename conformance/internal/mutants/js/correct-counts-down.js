'use strict'
const sweep = require('./sweep.js')

// Counts down how long each session is kept: a sweep takes an hour off, and keeps the ended for a day.
module.exports = (session, env) => new (class extends sweep(session) {
  write (id, given) {
    super.write(id, given)
    const row = this.rows.get(id)
    row.hours = row.ends === undefined ? Infinity : Math.ceil((row.ends - Date.now()) / 3600000) + 24
  }

  sweep () {
    for (const [id, row] of this.rows) if (--row.hours <= 0 && this.over(row)) this.rows.delete(id)
  }
})(env)
