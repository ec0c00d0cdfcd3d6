'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    this.writing ??= new Set()
    if (this.writing.has(id)) return
    this.writing.add(id)
    super.set(id, session, (...args) => {
      this.writing.delete(id)
      callback?.(...args)
    })
  }
})(env)
