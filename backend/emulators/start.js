'use strict'
// Starts an emulator from npm. What to start comes as JSON on the standard input.
const { createRequire } = require('module')
const fs = require('fs')
const http = require('http')
const net = require('net')
const { Worker, isMainThread, workerData } = require('worker_threads')

const given = isMainThread ? JSON.parse(fs.readFileSync(0, 'utf8')) : workerData

// Some emulators listen on every interface. Here each listens on loopback.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  const [first] = args
  const port = typeof first === 'object' && first !== null ? first.port : first
  if (port === undefined || !Number.isInteger(Number(port))) return listen.apply(this, args) // a path, or an open socket
  const options = typeof first === 'object' ? first : {}
  return listen.call(this, { ...options, port: Number(port), host: '127.0.0.1' }, args.find((arg) => typeof arg === 'function'))
}

// The answers of an HTTP server tell that it is this one.
const self = `${given.name} ${given.version} ${process.pid} ${Date.now()}`
const emit = http.Server.prototype.emit
http.Server.prototype.emit = function (event, ...args) {
  if (event === 'request') args[1].setHeader('X-Storecheck-Emulator', `${self} ${Date.now()}`)
  return emit.call(this, event, ...args)
}

// A server that speaks another protocol tells so too where a client begins with this. It sees a connection when the client has said something.
const question = 'GET /storecheck '
net.Server.prototype.emit = function (event, ...args) {
  if (event !== 'connection' || this instanceof http.Server) return emit.call(this, event, ...args)
  const [socket] = args
  socket.on('error', () => {}) // a client that goes before it has said anything
  socket.once('readable', () => {
    const said = socket.read()
    if (said === null) return socket.destroy()
    if (said.toString('latin1').startsWith(question)) {
      return socket.end(`HTTP/1.1 200 OK\r\nX-Storecheck-Emulator: ${self} ${Date.now()}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
    }
    socket.unshift(said)
    emit.call(this, event, socket)
  })
  return true
}

// An emulator that goes down into a session call by call needs more of a stack than the main thread has.
const script = require('./' + given.script)
if (script.stackSizeMb && isMainThread) new Worker(__filename, { workerData: given, resourceLimits: { stackSizeMb: script.stackSizeMb } })
else script({ ...given, need: createRequire(given.packages + '/') })
