'use strict'
const Module = require('module')

module.exports = ({ need, port }) => {
  // The library that holds the data takes a key of a user's for the function of that name.
  const compile = Module.prototype._compile
  Module.prototype._compile = function (text, file) {
    return compile.call(this, text.replaceAll('obj.hasOwnProperty(', 'Object.hasOwn(obj, '), file)
  }

  // Google's libraries send this word to every emulator, and this one takes tokens only.
  const jwt = need('jwt-simple')
  const decode = jwt.decode
  jwt.decode = (token, ...rest) => token === 'owner' ? { admin: true, iat: 1 } : decode(token, ...rest)

  const FirebaseServer = need('firebase-server')
  endListeners(FirebaseServer)
  const server = new FirebaseServer({ port, rest: true, address: '127.0.0.1' })
  // Nothing is forbidden here. What decides on that by default copies the database for each write, and leaves some keys unanswered.
  const allowed = () => ({ allowed: true, newDatabase: rules })
  const rules = { as: () => ({ read: allowed, write: allowed, update: allowed }) }
  server.targaryen = rules
  server.wss.prependListener('connection', (client, request) => {
    client.on('error', (err) => console.error(err.message)) // of a client that was killed; otherwise it ends the server
    server.name = request.headers.host // where the server tells its clients to come back to
  })
}

// A client that has read what it wanted, or is gone, listens no more. The emulator does not understand that: it would send what is set to everyone
// who ever read it, once for each time, until no call is answered any more.
function endListeners(FirebaseServer) {
  const handle = FirebaseServer.prototype.handleConnection
  FirebaseServer.prototype.handleConnection = function (client, ...rest) {
    const listeners = new Map() // what ends those of a path and a query
    const end = (key) => {
      for (const off of listeners.get(key) ?? []) off()
      listeners.delete(key)
    }
    let listening // what the message asks to listen to, while the server handles it
    const heard = (ref) => Object.create(ref, {
      child: { value: (path) => heard(ref.child(path)) },
      on: {
        value: (event, callback, ...more) => {
          if (listening) listeners.set(listening, [...listeners.get(listening) ?? [], () => ref.off(event, callback)])
          return ref.on(event, callback, ...more)
        },
      },
    })
    client.on('message', (message) => {
      const { a, b } = requestOf(message)
      const key = b && JSON.stringify([b.p, b.q])
      listening = a === 'q' || a === 'l' ? key : undefined
      if (a === 'n' || a === 'u') end(key)
    })
    handle.call(Object.create(this, { baseRef: { value: heard(this.baseRef) } }), client, ...rest)
    client.on('message', () => { listening = undefined })
    client.on('close', () => [...listeners.keys()].forEach(end))
  }
}

// A message that comes in parts is none that ends or begins to listen.
function requestOf(message) {
  try {
    const { t, d } = JSON.parse(message.toString())
    return (t === 'd' && d) || {}
  } catch {
    return {}
  }
}
