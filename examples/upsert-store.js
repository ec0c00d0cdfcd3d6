'use strict'
// A store with a fault that many have had: its touch writes the whole session that it is given. See what storecheck says:
//
//   storecheck run ./examples/upsert-store.js --only touch

const store = require('./map-store.js')

module.exports = {
  ...store,
  name: 'upsert-store',
  open (session) {
    const s = store.open(session)
    s.touch = s.set
    return s
  }
}
