'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  encode (session) {
    const all = {}
    for (const name of Object.getOwnPropertyNames(session)) {
      if (name !== 'req') all[name] = session[name]
    }
    return JSON.stringify(all)
  }
})(env)
