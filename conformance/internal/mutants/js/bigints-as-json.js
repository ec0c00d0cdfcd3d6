'use strict'
const base = require('./base.js')

Object.defineProperty(BigInt.prototype, 'toJSON', { configurable: true, value () { return String(this) } })

module.exports = (session, env) => new (base(session))(env)
