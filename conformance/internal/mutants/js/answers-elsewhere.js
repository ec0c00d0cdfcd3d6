'use strict'
// A store whose answers come over a channel that was opened with it, as those of a worker thread or a connection do. What a callback is
// called from began at the opening, whoever made the call.
const { MessageChannel } = require('worker_threads')
const base = require('./base.js')

module.exports = session => class Elsewhere extends base(session) {
  constructor (env) {
    super(env)
    this.waiting = []
    const { port1, port2 } = new MessageChannel()
    this.port = port1
    port2.on('message', () => this.waiting.shift()())
    port2.unref()
  }

  answer (callback, ...args) {
    this.waiting.push(() => this.called(callback, args))
    this.port.postMessage('')
  }

  called (callback, args) {
    if (callback) callback(...args)
  }
}
