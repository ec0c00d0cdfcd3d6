'use strict'
const fs = require('node:fs')
const base = require('./base.js')

// A destroy of what is not there returns without closing what it has opened.
module.exports = (session, env) => new (class extends base(session) {
  destroy (id, callback) {
    const file = fs.openSync(__filename)
    if (this.rows.has(id)) fs.closeSync(file)
    super.destroy(id, callback)
  }
})(env)
