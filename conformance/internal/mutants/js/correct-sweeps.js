'use strict'
const sweep = require('./sweep.js')

// Removes ten at most in each round, one after the other with a pause, and only what a round before has found too.
module.exports = (session, env) => new (class extends sweep(session) {
  async sweep () {
    const found = [...this.rows].filter(([, row]) => this.over(row))
    for (const [id, row] of found.filter(([, row]) => row.found).slice(0, 10)) {
      await new Promise(resolve => setTimeout(resolve, 20))
      if (this.rows.get(id) === row) this.rows.delete(id)
    }
    for (const [, row] of found) row.found = true
  }
})(env)
