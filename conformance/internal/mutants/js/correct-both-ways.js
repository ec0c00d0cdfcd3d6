'use strict'
const base = require('./base.js')

// Each method calls back, and returns a promise for those who want one. Its rejection is handled, so that it ends no process.
module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    for (const method of ['get', 'set', 'touch', 'destroy']) {
      const call = super[method]
      this[method] = (...args) => {
        const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined
        const done = new Promise((resolve, reject) => {
          call.call(this, ...args, (error, result) => error ? reject(error) : resolve(result))
        })
        if (callback) done.then(result => setImmediate(callback, null, result), error => setImmediate(callback, error))
        return done
      }
    }
  }
})(env)
