'use strict'
const base = require('./base.js')

// It leaves out what is null, for every JSON text of the process.
Object.defineProperty(Object.prototype, 'toJSON', {
  configurable: true,
  value () { return Object.fromEntries(Object.entries(this).filter(([, value]) => value !== null)) }
})

module.exports = (session, env) => new (base(session))(env)
