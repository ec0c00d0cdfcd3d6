'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  get (id, callback) {
    const row = this.row(id)
    if (!row) return this.answer(callback, null, null)
    if (row.waiting) return row.waiting.push(callback)
    row.waiting = [callback]
    setTimeout(() => {
      const result = this.decode(row.text)
      for (const callback of row.waiting.splice(0)) callback?.(null, result)
      row.waiting = undefined
    }, 10)
  }
})(env)
