'use strict'

module.exports = ({ need, port }) => {
  const Server = need('reqlite')
  const Database = need('reqlite/lib/database.js')
  const server = new Server({ 'driver-port': port, silent: true })
  server.databases.test = new Database('test') // which RethinkDB has when it starts first
}

// A session in a session, a thousand times.
module.exports.stackSizeMb = 64
