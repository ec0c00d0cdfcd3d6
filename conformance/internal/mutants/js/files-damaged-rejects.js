'use strict'
const files = require('./files.js')

// A get of a damaged record rejects as well as it calls back.
module.exports = (session, env) => new (class extends files(session) {
  get (id, callback) {
    return new Promise((resolve, reject) => {
      super.get(id, (error, found) => {
        callback?.(error, found)
        if (error) reject(error)
        else resolve(found)
      })
    })
  }
})(env)
