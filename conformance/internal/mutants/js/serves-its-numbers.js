'use strict'
const http = require('node:http')
const base = require('./base.js')

// It tells its numbers to whoever asks, as long as the process lives, which is for ever.
module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    this.site = http.createServer((request, response) => response.end(String(this.rows.size))).listen(0, '127.0.0.1')
  }
})(env)
