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
