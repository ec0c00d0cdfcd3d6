'use strict'
const base = require('./base.js')

// Fault: an end is kept as databases write a time without its zone. In the night in which clocks are put back an hour has two meanings, and the
// first one is taken.
module.exports = (session, env) => new (class extends base(session) {
  write (id, given) {
    super.write(id, given)
    const row = this.rows.get(id)
    if (row.ends === undefined || row.ends > 8e15) return
    const at = new Date(row.ends)
    row.ends = new Date(at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds(), at.getMilliseconds()).getTime()
  }
})(env)
