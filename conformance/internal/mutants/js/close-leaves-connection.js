'use strict'
const net = require('node:net')
const base = require('./base.js')

// A store has a connection for its calls and one that listens for changes; its close ends one of them.
const server = net.createServer(socket => socket.on('error', () => {}).unref()).unref()
const listening = new Promise(resolve => server.listen(0, '127.0.0.1', resolve))

module.exports = {
  open: async (session, env) => {
    await listening
    const store = new (base(session))(env)
    const connect = () => new Promise(resolve => { const socket = net.connect(server.address().port, '127.0.0.1', () => resolve(socket)) })
    store.calls = await connect()
    store.changes = await connect()
    return store
  },
  close: store => new Promise(resolve => store.calls.end(resolve))
}
