'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    super.set(id, session, callback)
    const row = this.rows.get(id)
    if (row) row.set = row.ends
  }

  touch (id, session, callback) {
    const set = this.row(id)?.set
    super.touch(id, session, callback)
    if (this.row(id)) this.row(id).set = set
  }

  live () {
    return [...this.rows].filter(([, row]) => (row.set ?? Infinity) > Date.now())
  }
})(env)
