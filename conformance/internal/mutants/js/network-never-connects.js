'use strict'
const network = require('./network.js')

module.exports = (session, env) => new (class extends network(session) {
  connected () {
    this.ready = true
  }
})(env)
