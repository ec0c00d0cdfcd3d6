'use strict'
const base = require('./base.js')

// It tells of every failure, listens to what it tells, and recovers.
module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    this.on('error', () => {})
  }

  set (id, session, callback) {
    super.set(id, session, error => {
      if (error) {
        this.emit('disconnect')
        this.emit('error', error)
        setTimeout(() => this.emit('connect'), 20)
      }
      callback?.(error)
    })
  }
})(env)
