'use strict'
// Stores for @fastify/session: a correct one, and by name others that extend it and get one thing wrong, or do it in an unusual way.
const tables = new Map()

class Base {
  constructor (env) {
    if (!tables.has(env.namespace)) tables.set(env.namespace, new Map())
    this.rows = tables.get(env.namespace)
  }

  encode (session) { return JSON.stringify(session) }
  decode (text) { return JSON.parse(text) }

  /** When a session ends, in milliseconds since 1970; undefined for never. */
  endOf ({ cookie }) { return cookie.expires ? Number(cookie.expires) : undefined }

  row (id) {
    const row = this.rows.get(id)
    return row && (row.end === undefined || row.end > Date.now()) ? row : undefined
  }

  get missing () { return null }

  get (id, callback) {
    const row = this.row(id)
    setImmediate(callback, null, row ? this.decode(row.text) : this.missing)
  }

  set (id, session, callback) {
    let row
    try {
      row = { text: this.encode(session), end: this.endOf(session) }
    } catch (error) {
      return setImmediate(callback, error)
    }
    this.rows.set(id, row)
    setImmediate(callback)
  }

  destroy (id, callback) {
    this.rows.delete(id)
    setImmediate(callback)
  }
}

const changedCookie = change => class extends Base {
  decode (text) {
    const session = super.decode(text)
    change(session.cookie)
    return session
  }
}

let destroyed = 0

module.exports = {
  correct: Base,

  // Wrong.
  'loses-expires': changedCookie(cookie => { delete cookie.expires }),
  'loses-original-max-age': changedCookie(cookie => { delete cookie.originalMaxAge }),
  'expires-without-milliseconds': changedCookie(cookie => { cookie.expires &&= new Date(cookie.expires).toUTCString() }),
  'expires-in-seconds': changedCookie(cookie => { cookie.expires &&= Math.round(new Date(cookie.expires) / 1000) }),
  'cookie-by-fields': class extends Base {
    encode (session) { return JSON.stringify({ ...session, cookie: { ...session.cookie } }) }
  },
  'clones-structures': class extends Base {
    encode (session) {
      JSON.stringify(session) // refuses what has no JSON
      const { cookie, ...data } = Object.fromEntries(Object.entries(session))
      return structuredClone({ ...JSON.parse(JSON.stringify(data)), cookie })
    }

    decode (session) { return structuredClone(session) }
  },
  'ends-by-original-expires': class extends Base {
    endOf ({ cookie }) { return Number(cookie.originalExpires ?? cookie.expires) || undefined }
  },
  'life-as-seconds': class extends Base {
    endOf ({ cookie }) { return cookie.expires ? Date.now() + cookie.originalMaxAge * 1000 : undefined }
  },
  'life-divided': class extends Base {
    endOf ({ cookie }) { return cookie.expires ? Date.now() + cookie.maxAge / 1000 : undefined }
  },
  'no-expires-is-over': class extends Base {
    endOf ({ cookie }) { return Number(cookie.expires) }
  },
  'promises-only': class extends Base {
    async get (id) { return this.row(id) && this.decode(this.row(id).text) }
    async set (id, session) { this.rows.set(id, { text: this.encode(session), end: this.endOf(session) }) }
    async destroy (id) { this.rows.delete(id) }
  },
  'destroy-of-missing-fails': class extends Base {
    destroy (id, callback) {
      if (this.rows.delete(id)) return setImmediate(callback)
      setImmediate(callback, Object.assign(new Error('there is no such session'), { code: 'ENOENT' }))
    }
  },
  'missing-is-error': class extends Base {
    get (id, callback) {
      if (this.row(id)) return super.get(id, callback)
      setImmediate(callback, new Error('there is no such session'))
    }
  },
  'missing-is-empty-object': class extends Base {
    get missing () { return {} }
  },
  'text-for-object': class extends Base {
    decode (text) { return text }
  },
  'id-of-session': class extends Base {
    set (id, session, callback) { super.set(session.id, session, callback) }
  },
  'skips-same-as-kept': class extends Base {
    kept = new Map()
    set (id, session, callback) {
      if (JSON.stringify(this.kept.get(id)) === JSON.stringify(session) && this.row(id)) return setImmediate(callback)
      this.kept.set(id, session)
      super.set(id, session, callback)
    }
  },
  'busy-after-destroy': class extends Base {
    destroy (id, callback) {
      destroyed = Date.now()
      super.destroy(id, callback)
    }

    set (id, session, callback) {
      if (Date.now() - destroyed < 200) return setImmediate(callback, new Error('a destroy is under way'))
      super.set(id, session, callback)
    }
  },
  'reports-ok-as-error': class extends Base {
    set (id, session, callback) { super.set(id, session, error => callback(error ?? 'OK')) }
  },
  'keeps-live-objects': class extends Base {
    encode (session) { return session }
    decode (session) { return session }
  },

  // Unusual, and right.
  'correct-missing-false': class extends Base {
    get missing () { return false }
  },
  'correct-missing-text': class extends Base {
    get missing () { return '' }
  },
  'correct-missing-enoent': class extends Base {
    get (id, callback) {
      if (this.row(id)) return super.get(id, callback)
      setImmediate(callback, Object.assign(new Error('there is no such session'), { code: 'ENOENT' }))
    }
  },
  'correct-expires-number': changedCookie(cookie => { cookie.expires &&= Date.parse(cookie.expires) }),
  'correct-expires-date': changedCookie(cookie => { cookie.expires &&= new Date(cookie.expires) }),
  'correct-bare-cookie': changedCookie(cookie => {
    for (const name of Object.keys(cookie)) if (cookie[name] === null || name === 'originalExpires') delete cookie[name]
  }),
  'correct-both-ways': class extends Base {
    get (id, callback) { return new Promise(resolve => super.get(id, (...answer) => { callback(...answer); resolve(answer[1]) })) }
    set (id, session, callback) { return new Promise(resolve => super.set(id, session, (...answer) => { callback(...answer); resolve() })) }
    destroy (id, callback) { return new Promise(resolve => super.destroy(id, (...answer) => { callback(...answer); resolve() })) }
  },
  'correct-outlives': class extends Base {
    endOf () { return undefined }
  }
}
