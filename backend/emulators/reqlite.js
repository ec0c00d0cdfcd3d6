'use strict'

module.exports = ({ need, port }) => {
  const Server = need('reqlite')
  const Database = need('reqlite/lib/database.js')
  const server = new Server({ 'driver-port': port, silent: true })
  server.databases.test = new Database('test') // which RethinkDB has when it starts first
}
