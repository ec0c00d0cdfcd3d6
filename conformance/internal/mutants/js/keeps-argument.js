'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  write (id, session) {
    super.write(id, session)
    this.rows.get(id).live = session
  }

  get (id, callback) {
    const live = this.row(id)?.live
    this.answer(callback, null, live ? JSON.parse(JSON.stringify(live)) : null)
  }
})(env)
