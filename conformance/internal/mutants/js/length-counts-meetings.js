'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    const known = this.rows.has(id)
    setImmediate(() => {
      if (!known) this.count = (this.count ?? 0) + (this.rows.has(id) ? 1 : 0)
      super.set(id, session, callback)
    })
  }

  length (callback) {
    this.answer(callback, null, this.live().length + (this.count ?? 0))
  }

  clear (callback) {
    this.count = 0
    super.clear(callback)
  }
})(env)
