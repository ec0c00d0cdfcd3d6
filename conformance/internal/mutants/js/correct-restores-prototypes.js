'use strict'
const base = require('./base.js')

// It changes a prototype for as long as one synchronous piece of work takes, and sessions are merged into objects without a prototype.
function withLocalDates (work) {
  const { toJSON } = Date.prototype
  Date.prototype.toJSON = function () { return this.toISOString() }
  Object.prototype.pending = true
  try {
    return work()
  } finally {
    Date.prototype.toJSON = toJSON
    delete Object.prototype.pending
  }
}

module.exports = (session, env) => new (class extends base(session) {
  encode (session) {
    return withLocalDates(() => super.encode(session))
  }

  write (id, session) {
    super.write(id, session)
    this.meta ??= Object.create(null)
    this.meta[id] ??= {}
    this.meta[id].writes = (this.meta[id].writes ?? 0) + 1
  }
})(env)
