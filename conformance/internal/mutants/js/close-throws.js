'use strict'
const base = require('./base.js')

module.exports = {
  open: (session, env) => new (base(session))(env),
  async close (store) {
    await store.client.quit()
  }
}
