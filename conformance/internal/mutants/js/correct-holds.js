'use strict'
const fs = require('node:fs')
const net = require('node:net')
const base = require('./base.js')

// It keeps much open, and lets all of it go: a file for each id that was asked for, a pool that grows with the calls up to a limit, a watcher and a
// server that do not keep the process alive. Its close takes its time.
const server = net.createServer(socket => socket.on('error', () => {}).unref()).unref()
const listening = new Promise(resolve => server.listen(0, '127.0.0.1', resolve))

module.exports = {
  open: async (session, env) => {
    await listening
    const store = new (class extends base(session) {
      files = new Map()
      pool = []
      watcher = fs.watch(__dirname, { persistent: false }, () => {})
      numbers = net.createServer().listen(0, '127.0.0.1').unref()

      get (id, callback) {
        if (this.files.size > 100) for (const file of this.files.values()) fs.closeSync(file)
        if (this.files.size > 100) this.files.clear()
        if (!this.files.has(id)) this.files.set(id, fs.openSync(__filename))
        if (this.pool.length < 40) this.pool.push(net.connect(server.address().port, '127.0.0.1').on('error', () => {}).unref())
        super.get(id, callback)
      }
    })(env)
    return store
  },
  close: store => new Promise(resolve => {
    for (const file of store.files.values()) fs.closeSync(file)
    for (const socket of store.pool) socket.destroy()
    store.watcher.close()
    store.numbers.close()
    setTimeout(resolve, 100)
    setTimeout(() => {}, 400) // the last word of its connection
  })
}
