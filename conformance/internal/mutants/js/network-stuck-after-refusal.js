'use strict'
const network = require('./network.js')

// Writes follow each other in a chain of promises, which ends with the first write that is refused.
module.exports = (session, env) => new (class extends network(session) {
  set (id, session, callback) {
    const text = JSON.stringify(session)
    this.chain = (this.chain ?? Promise.resolve()).then(() => new Promise((resolve, reject) => {
      this.ask(`set ${id} ${text}`, error => {
        setImmediate(callback, error)
        if (error && /full/.test(error.message)) reject(error)
        else resolve()
      })
    }))
    this.chain.catch(() => {})
  }
})(env)
