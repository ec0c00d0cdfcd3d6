'use strict'
// A session store in a Map, as small as a correct one can be. Check it with
//
//   storecheck run ./examples/map-store.js
//
// A module exports a function that gets express-session and makes a store, or an object that also says what is true of the store.

exports.name = 'map-store'
exports.disposable = true // its sessions may be cleared and counted
exports.expiry = { granularityMs: 1 } // it keeps time to the millisecond

exports.open = function (session) {
  class MapStore extends session.Store {
    constructor () {
      super()
      this.rows = new Map() // id → { text, expires }
    }

    get (sid, callback) {
      const row = this.live(sid)
      setImmediate(callback, null, row ? JSON.parse(row.text) : null)
    }

    set (sid, sess, callback) {
      let error = null
      try {
        this.rows.set(sid, { text: JSON.stringify(sess), expires: endOf(sess.cookie) })
      } catch (err) { // a cycle, or a BigInt
        error = err
      }
      if (callback) setImmediate(callback, error)
    }

    destroy (sid, callback) {
      this.rows.delete(sid)
      if (callback) setImmediate(callback, null)
    }

    // The session that is passed in may be older than the one that is stored: only its cookie counts.
    touch (sid, sess, callback) {
      const row = this.live(sid)
      if (row) {
        const stored = JSON.parse(row.text)
        stored.cookie = sess.cookie
        this.rows.set(sid, { text: JSON.stringify(stored), expires: endOf(sess.cookie) })
      }
      if (callback) setImmediate(callback, null)
    }

    all (callback) {
      const sessions = []
      for (const sid of [...this.rows.keys()]) {
        const row = this.live(sid)
        if (row) sessions.push(JSON.parse(row.text))
      }
      setImmediate(callback, null, sessions)
    }

    length (callback) {
      this.all((err, sessions) => callback(err, sessions && sessions.length))
    }

    clear (callback) {
      this.rows.clear()
      if (callback) setImmediate(callback, null)
    }

    live (sid) {
      const row = this.rows.get(sid)
      if (row && row.expires <= Date.now()) {
        this.rows.delete(sid)
        return undefined
      }
      return row
    }
  }
  return new MapStore()
}

// endOf returns when a cookie expires, in milliseconds since 1970; a cookie without an expiry lives for ever here.
function endOf (cookie) {
  return cookie.expires ? new Date(cookie.expires).getTime() : Infinity
}
