'use strict'
const base = require('./base.js')

const day = 24 * 3600e3

// Fault: the sweep of each day takes what was set first a month ago, prolonged or not.
module.exports = (session, env) => {
  const store = new (class extends base(session) {
    write (id, given) {
      const born = this.rows.get(id)?.born ?? Date.now()
      super.write(id, given)
      this.rows.get(id).born = born
    }
  })(env)
  setInterval(() => {
    for (const [id, row] of store.rows) if (row.born < Date.now() - 30 * day) store.rows.delete(id)
  }, day).unref()
  return store
}
