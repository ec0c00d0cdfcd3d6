'use strict'
const sweep = require('./sweep.js')

// Fault: the sweep of each hour lists what has ended, and removes one each few milliseconds without looking again.
module.exports = session => class AfterLook extends sweep(session) {
  async sweep () {
    const found = [...this.rows].filter(([, row]) => this.over(row))
    for (const [id] of found) {
      await new Promise(resolve => setTimeout(resolve, 2))
      this.rows.delete(id)
    }
  }
}
