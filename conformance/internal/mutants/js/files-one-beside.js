'use strict'
const fs = require('node:fs')
const path = require('node:path')
const files = require('./files.js')

// Nothing comes between the two steps, in one process.
module.exports = (session, env) => new (class extends files(session) {
  async write (id, text) {
    const beside = path.join(this.dir, 'tmp')
    fs.writeFileSync(beside, text)
    fs.renameSync(beside, this.path(id))
  }
})(env)
