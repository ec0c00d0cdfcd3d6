'use strict'
const files = require('./files.js')

// Who still reads a folder, by folder: nobody else writes there.
const readers = new Map()

module.exports = (session, env) => new (class extends files(session) {
  get (id, callback) {
    super.get(id, callback && ((...args) => {
      try {
        callback(...args)
      } catch (error) {
        readers.set(this.dir, this)
        throw error
      }
    }))
  }

  async write (id, text) {
    if ((readers.get(this.dir) ?? this) !== this) throw new Error('the folder is locked')
    await super.write(id, text)
  }
})(env)
