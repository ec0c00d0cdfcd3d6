'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  constructor (env) {
    super(env)
    setInterval(() => {
      for (const id of this.rows.keys()) if (!this.row(id)) this.rows.delete(id)
    }, 60000)
  }
})(env)
