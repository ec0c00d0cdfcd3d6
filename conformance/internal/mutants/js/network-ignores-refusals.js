'use strict'
const network = require('./network.js')

// Only a lost connection is an error. What the server answers to a write is not looked at.
module.exports = (session, env) => new (class extends network(session) {
  answer (request, error, line) {
    super.answer(request, error, line?.startsWith('!') ? '+' : line)
  }
})(env)
