'use strict'
const network = require('./network.js')

// A request that was given up still waits for its answer.
module.exports = (session, env) => new (class extends network(session) {
  late (request) {
    request.callback(new Error('no answer in time'))
  }
})(env)
