'use strict'
const base = require('./base.js')

// The meta data of the sessions are in an ordinary object, keyed by id.
module.exports = (session, env) => new (class extends base(session) {
  write (id, session) {
    super.write(id, session)
    this.meta ??= {}
    this.meta[id] ??= {}
    this.meta[id].writes = (this.meta[id].writes ?? 0) + 1
  }
})(env)
