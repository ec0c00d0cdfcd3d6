'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    const row = this.row(id)
    if (!row) return super.set(id, session, callback)
    setImmediate(() => {
      row.save()
      super.set(id, session, callback)
    })
  }
})(env)
