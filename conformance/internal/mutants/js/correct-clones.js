'use strict'
const base = require('./base.js')

// Keeps the members of the live cookie, as structuredClone and document databases do. Its end is in _expires then, where express-session's
// Cookie has it: of what get answers, createSession makes a Cookie that ends when it should.
module.exports = (session, env) => new (class extends base(session) {
  encode (session) {
    const { cookie, ...data } = JSON.parse(JSON.stringify(session))
    return { data, cookie: '_expires' in session.cookie ? structuredClone({ ...session.cookie }) : cookie }
  }

  decode ({ data, cookie }) {
    return { ...JSON.parse(JSON.stringify(data)), cookie: structuredClone(cookie) }
  }

  touch (id, session, callback) {
    const row = this.row(id)
    if (row) this.write(id, Object.assign(this.decode(row.text), { cookie: session.cookie }))
    this.answer(callback, null)
  }
})(env)
