'use strict'
const sweep = require('./sweep.js')

// Fault: the sweep goes by a list of the ends that sessions had when they were set first.
module.exports = (session, env) => new (class extends sweep(session) {
  write (id, given) {
    super.write(id, given)
    const row = this.rows.get(id)
    this.ends ??= new Map()
    if (!this.ends.has(id)) this.ends.set(id, row.ends)
  }

  sweep () {
    for (const [id, ends] of this.ends ?? []) {
      if (!this.over({ ends })) continue
      this.ends.delete(id)
      this.rows.delete(id)
    }
  }
})(env)
