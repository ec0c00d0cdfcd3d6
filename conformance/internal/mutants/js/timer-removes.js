'use strict'
const base = require('./base.js')

// Fault: each session is removed by a timer of its life. Node fires one of more than 24.8 days after a millisecond.
module.exports = (session, env) => new (class extends base(session) {
  destroy (id, callback) {
    clearTimeout(this.rows.get(id)?.timer)
    super.destroy(id, callback)
  }

  write (id, given) {
    clearTimeout(this.rows.get(id)?.timer)
    super.write(id, given)
    const row = this.rows.get(id)
    if (row.ends === undefined) return
    row.timer = setTimeout(() => { if (this.rows.get(id) === row) this.rows.delete(id) }, row.ends - Date.now()).unref()
  }
})(env)
