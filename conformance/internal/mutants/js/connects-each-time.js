'use strict'
const net = require('node:net')
const base = require('./base.js')

// Each touch has a connection of its own, which nobody ends.
module.exports = {
  open: async (session, env) => {
    const server = net.createServer(socket => socket.on('error', () => {})).unref()
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
    return new (class extends base(session) {
      touch (id, given, callback) {
        const socket = net.connect(server.address().port, '127.0.0.1', () => super.touch(id, given, callback))
        socket.on('error', () => {}).unref()
      }
    })(env)
  }
}
