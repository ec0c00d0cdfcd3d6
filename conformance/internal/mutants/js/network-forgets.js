'use strict'
const network = require('./network.js')

module.exports = (session, env) => new (class extends network(session) {
  fail () {
    for (const request of this.pending.splice(0)) clearTimeout(request.timer)
  }
})(env)
