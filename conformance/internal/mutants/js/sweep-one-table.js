'use strict'
const sweep = require('./sweep.js')

// Fault: the ids are divided among two tables, and the sweep knows one of them.
module.exports = (session, env) => new (class extends sweep(session) {
  sweep () {
    for (const [id, row] of this.rows) if (id.charCodeAt(id.length >> 1) % 2 && this.over(row)) this.rows.delete(id)
  }
})(env)
