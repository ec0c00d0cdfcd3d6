'use strict'

module.exports = ({ need, port }) => {
  // Google's libraries send this word to every emulator, and this one takes tokens only.
  const jwt = need('jwt-simple')
  const decode = jwt.decode
  jwt.decode = (token, ...rest) => token === 'owner' ? { admin: true, iat: 1 } : decode(token, ...rest)

  const FirebaseServer = need('firebase-server')
  const server = new FirebaseServer({ port, rest: true, address: '127.0.0.1' })
  // The server tells its clients where to come back to: to where they came from.
  server.wss.prependListener('connection', (_, request) => { server.name = request.headers.host })
}
