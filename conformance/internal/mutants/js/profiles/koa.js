'use strict'
// Stores for koa-session: a correct one, and by name others that extend it and get one thing wrong, or do it in an unusual way.
const tables = new Map()

class Base {
  constructor (env) {
    if (!tables.has(env.namespace)) tables.set(env.namespace, new Map())
    this.rows = tables.get(env.namespace)
  }

  encode (value) { return JSON.stringify(value) }
  decode (text) { return JSON.parse(text) }

  /** When a record ends, in milliseconds since 1970. */
  endOf (lifetime) { return typeof lifetime === 'number' ? Date.now() + lifetime : Infinity }

  row (key) {
    const row = this.rows.get(key)
    return row && row.end > Date.now() ? row : undefined
  }

  async get (key) {
    const row = this.row(key)
    return row && this.decode(row.text)
  }

  async set (key, value, lifetime) {
    this.rows.set(key, { text: this.encode(value), end: this.endOf(lifetime) })
  }

  async destroy (key) {
    this.rows.delete(key)
  }
}

const changed = change => class extends Base {
  decode (text) {
    const value = super.decode(text)
    change(value)
    return value
  }
}

module.exports = {
  correct: Base,

  // Wrong.
  'expire-as-text': changed(value => { if (value._expire) value._expire = new Date(value._expire).toISOString() }),
  'expire-dropped': changed(value => { delete value._expire }),
  'max-age-as-text': changed(value => { if (value._maxAge) value._maxAge = String(value._maxAge) }),
  'own-members-stripped': changed(value => { for (const name of Object.keys(value)) if (name.startsWith('_')) delete value[name] }),
  'ignores-unchanged': class extends Base {
    async set (key, value, lifetime, { changed }) { if (changed) await super.set(key, value, lifetime) }
  },
  'unchanged-must-exist': class extends Base {
    async set (key, value, lifetime, { changed }) {
      if (!changed && !this.row(key)) throw new Error('cannot resolve session')
      await super.set(key, value, lifetime)
    }
  },
  'session-is-no-number': class extends Base {
    endOf (lifetime) {
      const end = Date.now() + Math.ceil(lifetime)
      if (Number.isNaN(end)) throw new TypeError('value is not an integer or out of range')
      return end
    }
  },
  'session-is-now': class extends Base {
    endOf (lifetime) { return Date.now() + (Number(lifetime) || 0) }
  },
  'lifetime-as-seconds': class extends Base {
    endOf (lifetime) { return typeof lifetime === 'number' ? Date.now() + lifetime / 1000 : Infinity }
  },
  'lifetime-into-integer': class extends Base {
    endOf (lifetime) { return typeof lifetime === 'number' ? Date.now() + (lifetime | 0) : Infinity }
  },
  'text-for-object': class extends Base {
    decode (text) { return text }
  },
  'missing-rejects': class extends Base {
    async get (key) {
      const value = await super.get(key)
      if (!value) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
      return value
    }
  },
  'missing-is-empty-object': class extends Base {
    async get (key) { return await super.get(key) ?? {} }
  },
  'destroy-of-missing-rejects': class extends Base {
    async destroy (key) { if (!this.rows.delete(key)) throw new Error('no such session') }
  },
  'set-acknowledged-early': class extends Base {
    async set (key, value, lifetime) { setTimeout(() => super.set(key, value, lifetime), 50) }
  },
  'wants-a-callback': class extends Base {
    get (key, callback) { super.get(key).then(value => callback(null, value)) }
  },

  // Unusual, and right.
  'correct-false': class extends Base {
    async get (key) { return await super.get(key) ?? false }
  },
  'correct-at-once': class {
    constructor (env) { this.own = new Base(env) }
    get (key) {
      const row = this.own.row(key)
      return row ? JSON.parse(row.text) : null
    }

    set (key, value, lifetime) { this.own.rows.set(key, { text: JSON.stringify(value), end: this.own.endOf(lifetime) }) }
    destroy (key) { return this.own.rows.delete(key) }
  },
  'correct-keeps-all': class extends Base {
    endOf () { return Infinity }
  },
  'correct-thenable': class {
    constructor (env) { this.own = new Base(env) }
    later (work) { return { then: (resolve, reject) => { setImmediate(() => work().then(resolve, reject)) } } }
    get (key) { return this.later(() => this.own.get(key)) }
    set (key, value, lifetime) {
      const text = JSON.stringify(value)
      return this.later(() => this.own.set(key, JSON.parse(text), lifetime))
    }

    destroy (key) { return this.later(() => this.own.destroy(key)) }
  },
  'correct-longer': class extends Base {
    endOf (lifetime) { return typeof lifetime === 'number' ? Math.ceil((Date.now() + lifetime) / 1000) * 1000 + 5000 : Infinity }
  }
}
