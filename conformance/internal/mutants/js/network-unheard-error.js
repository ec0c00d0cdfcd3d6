'use strict'
const network = require('./network.js')

module.exports = (session, env) => new (class extends network(session) {
  listen (socket) {
    socket.on('close', () => this.lost(socket, new Error('the connection was lost')))
    socket.setTimeout(300, () => this.lost(socket, new Error('nothing came')))
  }
})(env)
