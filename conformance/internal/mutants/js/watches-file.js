'use strict'
const fs = require('node:fs')
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    fs.watchFile(__filename, { interval: 60000 }, () => {})
  }
})(env)
