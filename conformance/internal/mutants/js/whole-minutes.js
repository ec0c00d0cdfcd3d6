'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  touch (id, { cookie }, callback) {
    const row = this.row(id)
    if (row) {
      const { originalMaxAge: age, ...rest } = cookie.data
      this.write(id, { ...JSON.parse(row.text), cookie: { ...rest, originalMaxAge: age && Math.floor(age / 60000) * 60000 } })
    }
    this.answer(callback, null)
  }
})(env)
