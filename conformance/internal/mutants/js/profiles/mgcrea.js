'use strict'
// Stores for @mgcrea/fastify-session: a correct one, and by name others that extend it and get one thing wrong, or do it in an unusual way.
const { EventEmitter } = require('node:events')
const tables = new Map()

class Base extends EventEmitter {
  constructor (env) {
    super()
    if (!tables.has(env.namespace)) tables.set(env.namespace, new Map())
    this.rows = tables.get(env.namespace)
  }

  /** What is kept of the end that set or touch is given: milliseconds since 1970, or null. */
  endOf (expiry) { return expiry ?? null }

  row (id) {
    const row = this.rows.get(id)
    return row && (row.end === null || row.end > Date.now()) ? row : undefined
  }

  async get (id) {
    const row = this.row(id)
    return row ? [JSON.parse(row.text), row.end] : null
  }

  async set (id, data, expiry) {
    this.rows.set(id, { text: JSON.stringify(data), end: this.endOf(expiry) })
  }

  async touch (id, expiry) {
    const row = this.row(id)
    if (row) row.end = this.endOf(expiry)
  }

  async destroy (id) {
    this.rows.delete(id)
  }
}

const answers = change => class extends Base {
  async get (id) {
    const found = await super.get(id)
    return found && change(found)
  }
}

module.exports = {
  correct: Base,

  // Wrong.
  'data-alone': answers(([data]) => data),
  'without-expiry': answers(([data]) => [data]),
  'expiry-as-text': answers(([data, end]) => [data, end && new Date(end).toISOString()]),
  'expiry-in-seconds': answers(([data, end]) => [data, end && Math.floor(end / 1000)]),
  'expiry-as-lifetime': class extends Base {
    endOf (expiry) { return expiry ? Date.now() + expiry : null }
  },
  'null-is-now': class extends Base {
    endOf (expiry) { return expiry ?? 0 }
  },
  'touch-makes-a-session': class extends Base {
    async touch (id, expiry) {
      if (this.row(id)) return super.touch(id, expiry)
      this.rows.set(id, { text: '{}', end: this.endOf(expiry) })
    }
  },
  'touch-of-missing-spoils-get': class extends Base {
    async touch (id, expiry) {
      if (this.row(id)) return super.touch(id, expiry)
      this.rows.set(id, { text: '', end: this.endOf(expiry) })
    }
  },
  'touch-writes-what-was-read': class extends Base {
    read = new Map()
    async get (id) {
      const found = await super.get(id)
      if (found) this.read.set(id, JSON.stringify(found[0]))
      return found
    }

    async touch (id, expiry) {
      if (this.row(id)) this.rows.set(id, { text: this.read.get(id) ?? this.row(id).text, end: this.endOf(expiry) })
    }
  },
  'touch-does-nothing': class extends Base {
    async touch () {}
  },
  'touch-of-null-ignored': class extends Base {
    async touch (id, expiry) { if (expiry) await super.touch(id, expiry) }
  },
  'at-most-a-day': class extends Base {
    endOf (expiry) { return expiry === null || expiry === undefined ? Date.now() + 1000 : expiry }
  },
  'missing-rejects': class extends Base {
    async get (id) {
      const found = await super.get(id)
      if (!found) throw new Error('no such session')
      return found
    }
  },
  'live-objects': class extends Base {
    async get (id) { return this.row(id) ? [this.row(id).text, this.row(id).end] : null }
    async set (id, data, expiry) { this.rows.set(id, { text: data, end: this.endOf(expiry) }) }
  },
  'frozen-data': answers(([data, end]) => [Object.freeze(data), end]),
  'destroy-later': class extends Base {
    async destroy (id) { setTimeout(() => this.rows.delete(id), 60) }
  },

  // Unusual, and right.
  'correct-undefined': class extends Base {
    async get (id) { return await super.get(id) ?? undefined }
  },
  'correct-without-touch': class {
    constructor (env) {
      const own = new Base(env)
      this.get = id => own.get(id)
      this.set = (...args) => own.set(...args)
      this.destroy = id => own.destroy(id)
    }
  },
  'correct-outlives': class extends Base {
    row (id) { return this.rows.get(id) }
  }
}
