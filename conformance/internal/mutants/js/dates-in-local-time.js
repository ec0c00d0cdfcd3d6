'use strict'
const base = require('./base.js')

module.exports = (session, env) => {
  const written = Date.prototype.toJSON
  Date.prototype.toJSON = function toJSON (key) { return written.call(this, key)?.replace('Z', '+00:00') }
  return new (base(session))(env)
}
