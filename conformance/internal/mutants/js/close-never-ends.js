'use strict'
const base = require('./base.js')

// Its close waits until the store is idle, and tells nobody when that is so.
module.exports = {
  open: (session, env) => new (base(session))(env),
  close: () => new Promise(() => {})
}
