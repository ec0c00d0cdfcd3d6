'use strict'
const fs = require('node:fs/promises')
const path = require('node:path')
const files = require('./files.js')

const lock = env => path.join(env.dir, 'lock')

module.exports = {
  async open (session, env) {
    await (await fs.open(lock(env), 'wx')).close()
    return new (files(session))(env)
  },
  async close (store, env) {
    await fs.rm(lock(env))
  }
}
