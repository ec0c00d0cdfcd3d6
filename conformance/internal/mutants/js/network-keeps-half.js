'use strict'
const network = require('./network.js')

// What a connection left of an answer waits for its end, which is the first answer of the next.
module.exports = (session, env) => new (class extends network(session) {
  constructor (env) {
    super(env)
    this.patience = 1500
  }

  read (text) {
    const half = this.half
    this.half = undefined
    super.read(half ? text.slice(text.indexOf('\n') + 1) : text)
  }

  lost (socket, error) {
    if (socket === this.socket) this.half = this.rest
    super.lost(socket, error)
  }
})(env)
