'use strict'
const base = require('./base.js')

// Now and then it writes all anew, and what is set then waits. What cannot be serialised it throws back, as express-session's MemoryStore does.
const between = 40
const takes = 1000

module.exports = (session, env) => new (class extends base(session) {
  sets = 0

  set (id, session, callback) {
    this.write(id, session)
    if (++this.sets % between === 0) setTimeout(() => this.answer(callback, null), takes)
    else this.answer(callback, null)
  }
})(env)
