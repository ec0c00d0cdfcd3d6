'use strict'
const base = require('./base.js')

// A write has two followers: one calls back, the other only cleans up and forgets the error.
module.exports = (session, env) => new (class extends base(session) {
  set (id, session, callback) {
    const writing = new Promise(resolve => {
      const text = JSON.stringify(session)
      if (text.length > 1 << 16) throw new Error('the session is too large')
      this.write(id, session)
      resolve()
    })
    writing.then(() => this.answer(callback, null), error => this.answer(callback, error))
    writing.finally(() => { this.writing = false })
  }
})(env)
