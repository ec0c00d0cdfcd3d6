'use strict'
const base = require('./base.js')

// Its close writes what is left, which takes a while, and tells so by a promise of a value.
module.exports = {
  open: (session, env) => new (base(session))(env),
  close: (store, env) => new Promise(resolve => setTimeout(resolve, 1500, env.namespace))
}
