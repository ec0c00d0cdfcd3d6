'use strict'
const base = require('./base.js')

// Refuses long ids and large sessions with an error, and remembers errors in promises that it handles late but in time.
module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    for (const method of ['get', 'set', 'touch', 'destroy']) {
      const call = super[method]
      this[method] = (id, ...args) => {
        const refusal = this.refusal(id, args)
        if (!refusal) return call.call(this, id, ...args)
        const failed = Promise.reject(refusal)
        failed.catch(error => this.answer(args.at(-1), error))
      }
    }
  }

  refusal (id, args) {
    if (id.length > 200) return new Error('the id is too long')
    try {
      if (args.length > 1 && JSON.stringify(args[0]).length > 1 << 16) return new Error('the session is too large')
    } catch (error) {
      return error
    }
  }
})(env)
