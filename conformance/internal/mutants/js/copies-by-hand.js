'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  encode (session) {
    const copy = value => Array.isArray(value)
      ? value.map(copy)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copy(member)]))
        : value
    const { cookie, ...data } = session
    return JSON.stringify({ cookie, ...copy(data) })
  }
})(env)
