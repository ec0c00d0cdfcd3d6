'use strict'
const fs = require('node:fs/promises')
const files = require('./files.js')

module.exports = (session, env) => new (class extends files(session) {
  async locked (id, work) {
    const lock = this.path(id) + '.lock'
    await (await fs.open(lock, 'wx')).close()
    try {
      await work()
    } finally {
      await fs.rm(lock)
    }
  }

  write (id, text) {
    return this.locked(id, () => super.write(id, text))
  }

  remove (id) {
    return this.locked(id, () => super.remove(id))
  }
})(env)
