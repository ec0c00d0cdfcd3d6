'use strict'
const net = require('node:net')

// A correct store over the network: one connection, on which the answers come in the order of the requests. What cannot be answered is an
// error, and the store connects again by itself.
module.exports = session => class Network extends session.Store {
  constructor (env) {
    super()
    const { hostname, port } = new URL(env.backend.url)
    this.address = { host: hostname, port: Number(port) }
    this.patience = 600
    this.pending = []
    this.connect()
  }

  connect () {
    this.rest = ''
    const socket = this.socket = net.connect(this.address)
    socket.setEncoding('utf8')
    socket.on('connect', () => this.connected())
    socket.on('data', text => this.read(text))
    this.listen(socket)
  }

  listen (socket) {
    socket.on('error', () => {})
    socket.on('close', () => this.lost(socket, new Error('the connection was lost')))
  }

  connected () {
    this.ready = true
    if (this.gone) this.emit('connect')
    this.gone = false
  }

  /** The connection is of no more use. */
  lost (socket, error) {
    if (socket !== this.socket) return
    this.socket = undefined
    socket.destroy()
    if (this.ready) {
      this.ready = false
      this.gone = true
      this.emit('disconnect')
    }
    this.fail(error)
    setTimeout(() => this.connect(), 50)
  }

  fail (error) {
    for (const request of this.pending.splice(0)) this.answer(request, error)
  }

  read (text) {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop()
    for (const line of lines) this.answer(this.pending.shift(), null, line)
  }

  answer (request, error, line) {
    clearTimeout(request.timer)
    request.callback(error ?? (/^[-+=]/.test(line) ? null : new Error(line)), line)
  }

  /** Asks the server a line. */
  ask (line, callback) {
    if (!this.ready) {
      setImmediate(callback, new Error('there is no connection'))
      return
    }
    this.send({ line, callback })
  }

  send (request) {
    const { socket } = this
    this.pending.push(request)
    request.timer = setTimeout(() => this.late(request, socket), this.patience)
    socket.write(request.line + '\n')
  }

  // The answer must not be taken for that of a later request.
  late (request, socket) {
    this.lost(socket, new Error('no answer in time'))
  }

  get (id, callback) {
    this.ask('get ' + id, (error, line) => callback(error, !error && line[0] === '=' ? JSON.parse(line.slice(2)) : null))
  }

  set (id, session, callback) {
    this.ask(`set ${id} ${JSON.stringify(session)}`, error => callback?.(error))
  }

  touch (id, session, callback) {
    this.ask(`touch ${id} ${JSON.stringify(session.cookie)}`, error => callback?.(error))
  }

  destroy (id, callback) {
    this.ask('destroy ' + id, error => callback?.(error))
  }
}
