'use strict'
// Storages of unstorage as session stores: a correct one, and by name others that extend it and get one thing wrong, or do it in an unusual way. As in
// unstorage, the core makes a text of a value, and the driver below may know a ttl in seconds.
const tables = new Map()

class Base {
  constructor (env) {
    if (!tables.has(env.namespace)) tables.set(env.namespace, new Map())
    this.rows = tables.get(env.namespace)
  }

  keyOf (key) { return key }
  encode (value) { return JSON.stringify(value) }
  decode (text) { return JSON.parse(text) }

  /** When a record ends, in milliseconds since 1970. */
  endOf (options) { return options?.ttl ? Date.now() + options.ttl * 1000 : Infinity }

  row (key) {
    const row = this.rows.get(this.keyOf(key))
    return row && row.end > Date.now() ? row : undefined
  }

  async getItem (key) {
    const row = this.row(key)
    return row ? this.decode(row.text) : null
  }

  async setItem (key, value, options) { this.rows.set(this.keyOf(key), { text: this.encode(value), end: this.endOf(options) }) }
  async removeItem (key) { this.rows.delete(this.keyOf(key)) }
}

const ending = endOf => class extends Base {
  endOf (options) { return endOf(options) }
}
const keyed = keyOf => class extends Base {
  keyOf (key) { return keyOf(key) }
}
const loose = (name, value) => value === 'true' ? true : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value

module.exports = {
  correct: Base,

  // Wrong.
  'ttl-as-milliseconds': ending(options => options?.ttl ? Date.now() + options.ttl : Infinity),
  'ttl-is-the-end': ending(options => options?.ttl ? options.ttl * 1000 : Infinity),
  'ttl-of-32-bits': ending(options => options?.ttl ? Date.now() + (options.ttl * 1000 | 0) : Infinity),
  'ttl-in-whole-minutes': ending(options => options?.ttl ? Date.now() + Math.floor(options.ttl / 60) * 60_000 : Infinity),
  'options-needed': ending(options => Date.now() + options.ttl * 1000),
  'no-ttl-is-now': ending(options => Date.now() + (options?.ttl ?? 0) * 1000),
  'no-ttl-is-the-default': ending(options => Date.now() + (options?.ttl ?? 1) * 1000),
  'no-ttl-keeps-the-end': class extends Base {
    async setItem (key, value, options) {
      const end = options?.ttl ? this.endOf(options) : this.row(key)?.end ?? Infinity
      this.rows.set(this.keyOf(key), { text: this.encode(value), end })
    }
  },
  'first-ttl-counts': class extends Base {
    async setItem (key, value, options) {
      this.rows.set(this.keyOf(key), { text: this.encode(value), end: this.row(key)?.end ?? this.endOf(options) })
    }
  },
  'keys-of-64-characters': keyed(key => key.slice(0, 64)),
  'keys-by-mount': keyed(key => key.split(':')[0]),
  'answers-text': class extends Base {
    decode (text) { return text }
  },
  'parses-loosely': class extends Base {
    decode (text) { return JSON.parse(text, loose) }
  },
  'live-objects': class extends Base {
    encode (value) { return value }
    decode (value) { return value }
  },
  'object-as-text': class extends Base {
    encode (value) { return JSON.stringify(String(value)) }
  },
  'missing-is-empty-object': class extends Base {
    async getItem (key) { return await super.getItem(key) ?? {} }
  },
  'missing-rejects': class extends Base {
    async getItem (key) {
      if (!this.row(key)) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
      return super.getItem(key)
    }
  },
  'missing-is-text': class extends Base {
    async getItem (key) { return await super.getItem(key) ?? 'null' }
  },
  'in-place': class extends Base {
    // The file is emptied, and then written.
    async setItem (key, value, options) {
      const row = { text: this.encode(value), end: this.endOf(options) }
      this.rows.delete(this.keyOf(key))
      await new Promise(resolve => setTimeout(resolve, 3))
      this.rows.set(this.keyOf(key), row)
    }
  },
  'set-acknowledged-early': class extends Base {
    async setItem (key, value, options) {
      const row = { text: this.encode(value), end: this.endOf(options) }
      setTimeout(() => this.rows.set(this.keyOf(key), row), 60)
    }
  },
  'set-once': class extends Base {
    async setItem (key, value, options) { if (!this.row(key)) await super.setItem(key, value, options) }
  },
  'remove-removes-the-base': class extends Base {
    async removeItem () { this.rows.clear() }
  },
  'remove-of-missing-rejects': class extends Base {
    async removeItem (key) { if (!this.rows.delete(this.keyOf(key))) throw Object.assign(new Error('no such file'), { code: 'ENOENT' }) }
  },
  'remove-removes-meta': class extends Base {
    async removeItem (key) { this.rows.delete(`${this.keyOf(key)}$`) }
  },

  // Unusual, and right.
  'correct-at-once': class {
    constructor (env) { this.own = new Base(env) }
    getItem (key) {
      const row = this.own.row(key)
      return row ? JSON.parse(row.text) : undefined
    }

    setItem (key, value, options) { this.own.rows.set(key, { text: JSON.stringify(value), end: this.own.endOf(options) }) }
    removeItem (key) { return this.own.rows.delete(key) }
  },
  'correct-without-ttl': ending(() => Infinity),
  'correct-empty-text': class extends Base {
    async getItem (key) { return await super.getItem(key) ?? '' }
  },
  'correct-thenable': class {
    constructor (env) { this.own = new Base(env) }
    later (work) { return { then: (resolve, reject) => { setImmediate(() => work().then(resolve, reject)) } } }
    getItem (key) { return this.later(() => this.own.getItem(key)) }
    setItem (key, value, options) {
      const copy = JSON.parse(JSON.stringify(value))
      return this.later(() => this.own.setItem(key, copy, options))
    }

    removeItem (key) { return this.later(() => this.own.removeItem(key)) }
  },
  'correct-buffers': class extends Base {
    encode (value) { return Buffer.from(JSON.stringify(value)) }
    decode (bytes) { return JSON.parse(bytes.toString()) }
  }
}
