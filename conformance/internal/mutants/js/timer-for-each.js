'use strict'
const base = require('./base.js')

// Fault: each session has a timer of its life, whatever that is. A session that would live for a month is looked at a millisecond later.
module.exports = (session, env) => new (class extends base(session) {
  destroy (id, callback) {
    clearTimeout(this.rows.get(id)?.timer)
    super.destroy(id, callback)
  }

  write (id, given) {
    super.write(id, given)
    const row = this.rows.get(id)
    clearTimeout(row.timer)
    if (row.ends !== undefined) row.timer = setTimeout(() => { if (this.rows.get(id) === row && !this.row(id)) this.rows.delete(id) }, row.ends - Date.now()).unref()
  }
})(env)
