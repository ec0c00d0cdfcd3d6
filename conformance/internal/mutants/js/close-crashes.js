'use strict'
const base = require('./base.js')

module.exports = {
  open: (session, env) => new (base(session))(env),
  close: () => new Promise(resolve => setImmediate(() => { throw new Error('already closed') }))
}
