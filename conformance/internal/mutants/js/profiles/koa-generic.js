'use strict'
// Stores for koa-generic-session: a correct one, and by name others that extend it and get one thing wrong, or do it in an unusual way.
const { EventEmitter } = require('node:events')
const tables = new Map()

class Base extends EventEmitter {
  constructor (env) {
    super()
    if (!tables.has(env.namespace)) tables.set(env.namespace, new Map())
    this.rows = tables.get(env.namespace)
  }

  encode (session) { return JSON.stringify(session) }
  decode (text) { return JSON.parse(text) }
  endOf (ttl) { return ttl === undefined || ttl === null ? Infinity : Date.now() + ttl }

  row (key) {
    const row = this.rows.get(key)
    return row && row.end > Date.now() ? row : undefined
  }

  async get (key) {
    const row = this.row(key)
    return row && this.decode(row.text)
  }

  async set (key, session, ttl) {
    this.rows.set(key, { text: this.encode(session), end: this.endOf(ttl) })
  }

  async destroy (key) {
    this.rows.delete(key)
  }
}

const changed = change => class extends Base {
  decode (text) {
    const session = super.decode(text)
    change(session)
    return session
  }
}

module.exports = {
  correct: Base,

  // Wrong.
  'ignores-ttl': class extends Base {
    endOf () { return Infinity }
  },
  'ttl-as-seconds': class extends Base {
    endOf (ttl) { return ttl === undefined ? Infinity : Date.now() + ttl * 1000 }
  },
  'ttl-divided': class extends Base {
    endOf (ttl) { return ttl === undefined ? Infinity : Date.now() + ttl / 1000 }
  },
  'negative-is-for-ever': class extends Base {
    endOf (ttl) { return ttl > 0 ? Date.now() + ttl : Infinity }
  },
  'undefined-is-now': class extends Base {
    endOf (ttl) { return Date.now() + (ttl ?? 0) }
  },
  'undefined-fails': class extends Base {
    endOf (ttl) {
      if (!Number.isFinite(ttl)) throw new TypeError('value is not an integer or out of range')
      return Date.now() + ttl
    }
  },
  'loses-cookie': changed(session => { delete session.cookie }),
  'loses-max-age': changed(session => { delete session.cookie.maxAge }),
  'cookie-as-text': changed(session => { session.cookie = JSON.stringify(session.cookie) }),
  'text-for-object': class extends Base {
    decode (text) { return text }
  },
  'keeps-live-objects': class extends Base {
    encode (session) { return session }
    decode (session) { return session }
  },
  'destroy-rejects': class extends Base {
    async destroy () { throw new Error('unlink needs a callback') }
  },
  'ttl-of-the-first-set': class extends Base {
    async set (key, session, ttl) {
      const before = this.row(key)
      await super.set(key, session, ttl)
      if (before) this.rows.get(key).end = before.end
    }
  },
  'missing-rejects': class extends Base {
    async get (key) {
      const session = await super.get(key)
      if (!session) throw new Error('no such session')
      return session
    }
  },

  // Unusual, and right.
  'correct-empty-text': class extends Base {
    async get (key) { return await super.get(key) ?? '' }
  },
  'correct-strips-prefix': class extends Base {
    bare (key) { return key.replace(/^koa:sess:/, '') }
    get (key) { return super.get(this.bare(key)) }
    set (key, session, ttl) { return super.set(this.bare(key), session, ttl) }
    destroy (key) { return super.destroy(this.bare(key)) }
  },
  'correct-at-once': class extends Base {
    get (key) {
      const row = this.row(key)
      return row ? this.decode(row.text) : undefined
    }

    set (key, session, ttl) { this.rows.set(key, { text: this.encode(session), end: this.endOf(ttl) }) }
    destroy (key) { this.rows.delete(key) }
  }
}
