'use strict'
const fs = require('node:fs/promises')
const path = require('node:path')
const files = require('./files.js')

let written = 0

// A process that was just started counts from one, like every other.
module.exports = (session, env) => new (class extends files(session) {
  async write (id, text) {
    const beside = path.join(this.dir, `tmp-${++written}`)
    await fs.writeFile(beside, text)
    await fs.rename(beside, this.path(id))
  }
})(env)
