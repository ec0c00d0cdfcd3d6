'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (class extends base(session) {
  decode (text) {
    return JSON.parse(text, function (name, value) {
      return name !== 'expires' && typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? new Date(value) : value
    })
  }
})(env)
