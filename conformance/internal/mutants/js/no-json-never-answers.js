'use strict'
const base = require('./base.js')

// A set of a session that has no JSON is never answered, which alone is wrong. What is too large is refused, one after the other, as by a slow server.
module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    this.turn = Promise.resolve()
  }

  set (id, session, callback) {
    let text
    try {
      text = this.encode(session)
    } catch {
      return
    }
    if (text.length < 1e6) return super.set(id, session, callback)
    this.turn = this.turn.then(() => new Promise((resolve) => setTimeout(resolve, 250)))
    this.turn.then(() => this.answer(callback, new Error('the session is too large')))
  }
})(env)
