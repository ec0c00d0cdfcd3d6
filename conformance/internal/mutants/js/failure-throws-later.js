'use strict'
const base = require('./base.js')

// An id that is too long is an error, which is thrown again where nobody catches it.
module.exports = (session, env) => new (class extends base(session) {
  destroy (id, callback) {
    if (id.length <= 255) return super.destroy(id, callback)
    setTimeout(() => {
      const error = new Error('the id is too long')
      this.answer(callback, error)
      throw error
    }, 10)
  }
})(env)
