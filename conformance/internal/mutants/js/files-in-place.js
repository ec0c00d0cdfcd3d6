'use strict'
const fs = require('node:fs/promises')
const files = require('./files.js')

module.exports = (session, env) => new (class extends files(session) {
  async write (id, text) {
    await fs.writeFile(this.path(id), text)
  }
})(env)
