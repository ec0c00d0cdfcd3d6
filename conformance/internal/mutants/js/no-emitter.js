'use strict'
const base = require('./base.js')

module.exports = (session, env) => {
  const store = new (base(session))(env)
  const plain = {}
  for (const method of ['get', 'set', 'destroy', 'touch', 'all', 'length', 'clear', 'load', 'createSession', 'regenerate']) {
    plain[method] = store[method].bind(method === 'regenerate' ? plain : store)
  }
  return plain
}
