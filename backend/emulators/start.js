'use strict'
// Starts an emulator from npm. What to start comes as JSON on the standard input.
const { createRequire } = require('module')
const fs = require('fs')
const http = require('http')
const net = require('net')

const given = JSON.parse(fs.readFileSync(0, 'utf8'))

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
  if (event === 'request') args[1].setHeader('X-Storecheck-Emulator', self)
  return emit.call(this, event, ...args)
}

require('./' + given.script)({ ...given, need: createRequire(given.packages + '/') })
