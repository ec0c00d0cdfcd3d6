'use strict'
const base = require('./base.js')

// A get of an id that is too long is counted as in flight for ever. From twenty on everything waits.
module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    this.flying = 0
  }

  get (id, callback) {
    if (this.flying > 20) return
    this.flying++
    if (id.length > 1000) return this.answer(callback, new Error('the id is too long'))
    super.get(id, (...args) => {
      this.flying--
      callback?.(...args)
    })
  }
})(env)
