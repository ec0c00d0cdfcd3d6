'use strict'
const base = require('./base.js')

// Its close forgets the second of two timers, which waits for a stop that does not come.
module.exports = {
  open: (session, env) => {
    const store = new (base(session))(env)
    store.sweep = setInterval(() => {}, 60000).unref()
    return store
  },
  close: store => {
    clearInterval(store.sweep)
    setInterval(() => { if (store.stopped) process.exit() }, 500)
  }
}
