'use strict'
const base = require('./base.js')

// A pool of twenty. A touch whose session has no JSON never gives its slot back.
module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    this.free = 20
    this.waiting = []
  }

  take (work) {
    if (this.free > 0) {
      this.free--
      work()
    } else this.waiting.push(work)
  }

  give () {
    this.free++
    if (this.waiting.length) this.take(this.waiting.shift())
  }

  touch (id, session, callback) {
    this.take(() => {
      try {
        this.encode(session)
      } catch (error) {
        return this.answer(callback, error)
      }
      super.touch(id, session, (...args) => {
        this.give()
        callback?.(...args)
      })
    })
  }
})(env)
