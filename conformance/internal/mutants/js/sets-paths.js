'use strict'
const base = require('./base.js')

function setPath (object, path, value) {
  const names = path.split('.')
  const last = names.pop()
  for (const name of names) object = object[name] ??= {}
  object[last] = value
}

// It keeps an index of the members, and takes dots in their names for paths.
module.exports = (session, env) => new (class extends base(session) {
  decode (text) {
    const session = super.decode(text)
    const index = {}
    for (const name of Object.keys(session)) if (name.includes('.')) setPath(index, name, true)
    return session
  }
})(env)
