// Correct in every way that the host can see.
module.exports = session => class Good extends session.Store {
  sessions = new Map()

  get (id, callback) {
    const text = this.sessions.get(id)
    setImmediate(callback, null, text && JSON.parse(text))
  }

  set (id, session, callback) {
    this.sessions.set(id, JSON.stringify(session))
    if (callback) setImmediate(callback, null)
  }

  destroy (id, callback) {
    this.sessions.delete(id)
    if (callback) setImmediate(callback, null)
  }

  touch (id, session, callback) {
    const old = this.sessions.get(id)
    if (old) this.sessions.set(id, JSON.stringify({ ...JSON.parse(old), cookie: session.cookie }))
    if (callback) setImmediate(callback, null)
  }

  all (callback) {
    setImmediate(callback, null, [...this.sessions.values()].map(text => JSON.parse(text)))
  }

  length (callback) {
    setImmediate(callback, null, this.sessions.size)
  }

  clear (callback) {
    this.sessions.clear()
    if (callback) setImmediate(callback, null)
  }
}
