'use strict'
const base = require('./base.js')

const day = 86400000

// A plain cookie has no maxAge: it is kept for a day.
module.exports = (session, env) => new (class extends base(session) {
  write (id, session) {
    const { expires, maxAge } = session.cookie
    const ends = typeof maxAge === 'number' ? Date.now() + maxAge : expires === null ? undefined : Date.now() + day
    this.rows.set(id, { text: this.encode(session), ends })
  }

  touch (id, { cookie }, callback) {
    const row = this.row(id)
    if (row) {
      const ends = typeof cookie.maxAge === 'number' ? Date.now() + cookie.maxAge : undefined
      this.rows.set(id, { text: this.encode({ ...JSON.parse(row.text), cookie }), ends })
    }
    this.answer(callback, null)
  }
})(env)
