'use strict'
// Keyvs as session stores: a correct one, and by name others that extend it and get one thing wrong, or do it in an unusual way. As in Keyv, a value stands
// in an envelope with its end, and the adapter below knows a ttl beside it.
const tables = new Map()

class Base {
  constructor (env) {
    if (!tables.has(env.namespace)) tables.set(env.namespace, new Map())
    this.rows = tables.get(env.namespace)
  }

  keyOf (id) { return `keyv:${id}` }
  encode (envelope) { return JSON.stringify(envelope) }
  decode (text) { return JSON.parse(text) }

  /** When a value ends, in milliseconds since 1970; undefined for never. */
  endOf (ttl) { return typeof ttl === 'number' && ttl > 0 ? Date.now() + ttl : undefined }

  envelope (id) {
    const key = this.keyOf(id)
    if (!this.rows.has(key)) return undefined
    const envelope = this.decode(this.rows.get(key))
    if (envelope.expires === undefined || envelope.expires > Date.now()) return envelope
    this.rows.delete(key)
    return undefined
  }

  async get (id) { return this.envelope(id)?.value }

  async set (id, value, ttl) {
    this.rows.set(this.keyOf(id), this.encode({ value, expires: this.endOf(ttl) }))
    return true
  }

  async delete (id) { return this.rows.delete(this.keyOf(id)) }
}

const ending = endOf => class extends Base {
  endOf (ttl) { return ttl === undefined ? undefined : endOf(ttl) }
}
const keyed = keyOf => class extends Base {
  keyOf (id) { return keyOf(super.keyOf(id)) }
}

module.exports = {
  correct: Base,

  // Wrong.
  'ttl-as-seconds': ending(ttl => Date.now() + ttl * 1000),
  'ttl-divided': ending(ttl => Date.now() + ttl / 1000),
  'ttl-ignored': ending(() => undefined),
  'ttl-of-32-bits': ending(ttl => Date.now() + (ttl | 0)),
  'ttl-in-whole-minutes': ending(ttl => Date.now() + Math.floor(ttl / 60_000) * 60_000),
  'ttl-of-a-second-at-least': ending(ttl => Date.now() + Math.max(ttl, 5000)),
  'ttl-is-the-end': ending(ttl => ttl),
  'no-ttl-is-the-default': class extends Base {
    endOf (ttl) { return super.endOf(ttl ?? 1000) }
  },
  'no-ttl-keeps-the-end': class extends Base {
    async set (id, value, ttl) {
      const end = this.endOf(ttl) ?? this.envelope(id)?.expires
      this.rows.set(this.keyOf(id), this.encode({ value, expires: end }))
      return true
    }
  },
  'first-ttl-counts': class extends Base {
    async set (id, value, ttl) {
      const before = this.envelope(id)
      this.rows.set(this.keyOf(id), this.encode({ value, expires: before ? before.expires : this.endOf(ttl) }))
      return true
    }
  },
  'get-prolongs': class extends Base {
    async set (id, value, ttl) {
      this.rows.set(this.keyOf(id), this.encode({ value, ttl, expires: this.endOf(ttl) }))
      return true
    }

    async get (id) {
      const found = this.envelope(id)
      if (found?.ttl) await this.set(id, found.value, found.ttl)
      return found?.value
    }
  },
  'answers-the-envelope': class extends Base {
    async get (id) { return this.envelope(id) }
  },
  'answers-text': class extends Base {
    async get (id) {
      const value = await super.get(id)
      return value && JSON.stringify(value)
    }
  },
  'missing-is-false': class extends Base {
    async get (id) { return await super.get(id) ?? false }
  },
  'missing-is-text': class extends Base {
    async get (id) { return await super.get(id) ?? 'undefined' }
  },
  'set-answers-false': class extends Base {
    async set (...args) {
      await super.set(...args)
      return false
    }
  },
  'set-once': class extends Base {
    async set (id, value, ttl) { return this.envelope(id) !== undefined || super.set(id, value, ttl) }
  },
  'set-acknowledged-early': class extends Base {
    async set (id, value, ttl) {
      const text = this.encode({ value, expires: this.endOf(ttl) })
      setTimeout(() => this.rows.set(this.keyOf(id), text), 60)
      return true
    }
  },
  'keys-without-case': keyed(key => key.toLowerCase()),
  'keys-of-64-characters': keyed(key => key.slice(0, 64)),
  'live-objects': class extends Base {
    encode (envelope) { return envelope }
    decode (envelope) { return envelope }
  },
  'delete-deletes-the-namespace': class extends Base {
    async delete (id) {
      const had = this.rows.has(this.keyOf(id))
      this.rows.clear()
      return had
    }
  },
  'delete-of-missing-throws': class extends Base {
    async delete (id) {
      if (!this.rows.delete(this.keyOf(id))) throw new Error('no such key')
      return true
    }
  },
  'delete-marks': class extends Base {
    // What is deleted is set to null without an envelope, which nobody can read.
    async delete (id) {
      this.rows.set(this.keyOf(id), 'null')
      return true
    }
  },

  // Unusual, and right.
  'correct-at-once': class {
    constructor (env) { this.own = new Base(env) }
    get (id) { return this.own.envelope(id)?.value ?? null }
    set (id, value, ttl) { this.own.rows.set(this.own.keyOf(id), JSON.stringify({ value, expires: this.own.endOf(ttl) })) }
    delete (id) { this.own.rows.delete(this.own.keyOf(id)) }
  },
  'correct-thenable': class {
    constructor (env) { this.own = new Base(env) }
    later (work) { return { then: (resolve, reject) => { setImmediate(() => work().then(resolve, reject)) } } }
    get (id) { return this.later(() => this.own.get(id)) }
    set (id, value, ttl) {
      const copy = JSON.parse(JSON.stringify(value))
      return this.later(() => this.own.set(id, copy, ttl))
    }

    delete (id) { return this.later(() => this.own.delete(id)) }
  },
  'correct-timers': class extends Base {
    // Nothing looks at an end: a timer for each record does.
    async set (id, value, ttl) {
      const key = this.keyOf(id)
      const text = this.encode({ value })
      clearTimeout(this.timers.get(key))
      this.timers.delete(key)
      this.rows.set(key, text)
      if (ttl !== undefined && ttl < 2 ** 31) this.timers.set(key, setTimeout(() => this.delete(id), ttl).unref())
      return true
    }

    get timers () { return (this.rows.timers ??= new Map()) }

    async delete (id) {
      clearTimeout(this.timers.get(this.keyOf(id)))
      this.timers.delete(this.keyOf(id))
      return super.delete(id)
    }
  },
  'correct-bytes': class extends Base {
    encode (envelope) { return Buffer.from(JSON.stringify(envelope)) }
    decode (bytes) { return JSON.parse(bytes.toString()) }
  },
  'correct-hashed': keyed(key => require('node:crypto').createHash('sha256').update(key).digest('hex'))
}
