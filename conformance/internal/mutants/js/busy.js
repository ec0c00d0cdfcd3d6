'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  touched = new Set()

  touch (id, session, callback) {
    this.touched.add(id)
    setTimeout(() => {
      this.touched.delete(id)
      super.touch(id, session, callback)
    }, 5)
  }

  set (id, session, callback) {
    if (this.touched.has(id)) return this.answer(callback, new Error('the database is locked'))
    super.set(id, session, callback)
  }
})(env)
