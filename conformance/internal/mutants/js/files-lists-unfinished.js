'use strict'
const files = require('./files.js')

module.exports = (session, env) => new (class extends files(session) {
  holds () {
    return true
  }
})(env)
