'use strict'
const network = require('./network.js')

// What cannot be sent, or was not answered, waits until there is a connection.
module.exports = (session, env) => new (class extends network(session) {
  ask (line, callback) {
    const request = { line, callback }
    if (this.ready) this.send(request)
    else (this.waiting ??= []).push(request)
  }

  fail () {
    const requests = this.pending.splice(0)
    for (const request of requests) clearTimeout(request.timer)
    this.waiting = requests.concat(this.waiting ?? [])
  }

  connected () {
    super.connected()
    for (const request of this.waiting?.splice(0) ?? []) this.send(request)
  }
})(env)
