'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  loaded = new Map()

  get (id, callback) {
    const row = this.row(id)
    if (row) this.loaded.set(id, row)
    super.get(id, callback)
  }

  touch (id, session, callback) {
    if (this.loaded.has(id) && !this.rows.has(id)) this.rows.set(id, this.loaded.get(id))
    super.touch(id, session, callback)
  }
})(env)
