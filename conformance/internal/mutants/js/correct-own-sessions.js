'use strict'
const base = require('./base.js')

// Its sessions are of classes of its own, which do what those of express-session do.
class OwnCookie {
  constructor (data) {
    Object.assign(this, { path: '/', httpOnly: true, end: null }, data)
  }

  get expires () { return this.end }
  set expires (end) {
    this.end = typeof end === 'string' ? new Date(end) : end
    this.originalMaxAge = this.maxAge
  }

  get maxAge () { return this.end instanceof Date ? this.end - Date.now() : this.end }
  set maxAge (ms) { this.expires = typeof ms === 'number' ? new Date(Date.now() + ms) : ms }

  get data () {
    const { originalMaxAge, end: expires, secure, httpOnly, domain, path, sameSite } = this
    return { originalMaxAge, expires, secure, httpOnly, domain, path, sameSite }
  }

  toJSON () { return this.data }
}

class OwnSession {
  #req
  constructor (req, data) {
    this.#req = req
    Object.assign(this, data)
  }

  get id () { return this.#req.sessionID }
  touch () { return this.resetMaxAge() }
  resetMaxAge () {
    this.cookie.maxAge = this.cookie.originalMaxAge
    return this
  }

  save (callback = () => {}) {
    this.#req.sessionStore.set(this.id, this, callback)
    return this
  }

  reload (callback) {
    this.#req.sessionStore.get(this.id, (error, found) => {
      if (error || !found) return callback(error ?? new Error('no such session'))
      this.#req.sessionStore.createSession(this.#req, found)
      callback()
    })
    return this
  }

  destroy (callback) {
    delete this.#req.session
    this.#req.sessionStore.destroy(this.id, callback)
    return this
  }

  regenerate (callback) {
    this.#req.sessionStore.regenerate(this.#req, callback)
    return this
  }
}

module.exports = (session, env) => new (class extends base(session) {
  createSession (req, { cookie: { originalMaxAge, ...cookie }, ...data }) {
    const made = new OwnCookie(cookie)
    made.originalMaxAge = originalMaxAge
    req.session = new OwnSession(req, { ...data, cookie: made })
    return req.session
  }
})(env)
