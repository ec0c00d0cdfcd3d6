'use strict'

module.exports = ({ need, port }) => {
  // Google's libraries send this word to every emulator, and this one takes tokens only.
  const jwt = need('jwt-simple')
  const decode = jwt.decode
  jwt.decode = (token, ...rest) => token === 'owner' ? { admin: true, iat: 1 } : decode(token, ...rest)

  const FirebaseServer = need('firebase-server')
  const server = new FirebaseServer({ port, rest: true, address: '127.0.0.1' })
  // Nothing is forbidden here. What decides on that by default copies the database for each write, and fails for a key such as constructor.
  const allowed = () => ({ allowed: true, newDatabase: rules })
  const rules = { as: () => ({ read: allowed, write: allowed, update: allowed }) }
  server.targaryen = rules
  server.wss.prependListener('connection', (client, request) => {
    client.on('error', (err) => console.error(err.message)) // of a client that was killed; otherwise it ends the server
    server.name = request.headers.host // where the server tells its clients to come back to
  })
}
