'use strict'

/** A set acknowledges and keeps nothing. */
module.exports = session => class extends require('./base')(session) {
  write (id, session) {
    this.encode(session)
  }
}
