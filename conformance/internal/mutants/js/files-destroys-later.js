'use strict'
const files = require('./files.js')

const gone = store => store.gone ??= new Set()

module.exports = {
  open: (session, env) => new (class extends files(session) {
    async read (id) {
      return gone(this).has(id) ? null : super.read(id)
    }

    async write (id, text) {
      await super.write(id, text)
      gone(this).delete(id)
    }

    async remove (id) {
      gone(this).add(id)
    }

    async sweep () {
      for (const id of gone(this)) await super.remove(id)
    }
  })(env),
  close: store => store.sweep()
}
