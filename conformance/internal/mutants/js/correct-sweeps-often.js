'use strict'
const sweep = require('./sweep.js')

// Each 300 ms it lists what has ended, and removes one each few milliseconds, unless somebody has set the session anew.
module.exports = (session, env) => new (class extends sweep(session) {
  arm () {
    super.arm(300)
  }

  async sweep () {
    for (const [id, row] of [...this.rows].filter(([, row]) => this.over(row))) {
      await new Promise(resolve => setTimeout(resolve, 2))
      if (this.rows.get(id) === row) this.rows.delete(id)
    }
  }
})(env)
