'use strict'
// Stores for hono-sessions: a correct one, and by name others that extend it and get one thing wrong, or do it in an unusual way.
const tables = new Map()

class Base {
  constructor (env) {
    if (!tables.has(env.namespace)) tables.set(env.namespace, new Map())
    this.rows = tables.get(env.namespace)
  }

  encode (value) { return JSON.stringify(value) }
  decode (text) { return JSON.parse(text) }
  async getSessionById (id) { return this.rows.has(id) ? this.decode(this.rows.get(id)) : null }
  async createSession (id, value) { this.rows.set(id, this.encode(value)) }
  async persistSessionData (id, value) { this.rows.set(id, this.encode(value)) }
  async deleteSession (id) { this.rows.delete(id) }
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
  'keys-by-own-id': class extends Base {
    async createSession (id, value) { this.rows.set(value._id, this.encode(value)) }
    async persistSessionData (id, value) { this.rows.set(value._id, this.encode(value)) }
  },
  'expire-dropped': changed(value => { delete value._expire }),
  'expire-in-seconds': changed(value => { if (value._expire) value._expire = Math.floor(Date.parse(value._expire) / 1000) }),
  'expire-without-zone': changed(value => { if (value._expire) value._expire = new Date(Date.parse(value._expire) - 7_200_000).toISOString() }),
  'null-expire-is-zero': changed(value => { value._expire ??= 0 }),
  'data-as-text': changed(value => { value._data = JSON.stringify(value._data) }),
  'values-without-entries': changed(value => { value._data = Object.fromEntries(Object.entries(value._data).map(([name, { value }]) => [name, value])) }),
  'text-for-object': class extends Base {
    decode (text) { return text }
  },
  'frozen': class extends Base {
    decode (text) { return Object.freeze(super.decode(text)) }
  },
  'live-objects': class extends Base {
    encode (value) { return value }
    decode (value) { return value }
  },
  'lives-a-second': class extends Base {
    async createSession (id, value) {
      await super.createSession(id, value)
      setTimeout(() => this.rows.delete(id), 1000).unref()
    }
  },
  'persist-adds-members': class extends Base {
    async persistSessionData (id, value) {
      const before = await this.getSessionById(id)
      this.rows.set(id, this.encode({ ...value, _data: { ...before?._data, ...value._data } }))
    }
  },
  'persist-later': class extends Base {
    async persistSessionData (id, value) {
      const text = this.encode(value)
      setTimeout(() => this.rows.set(id, text), 60)
    }
  },
  'delete-of-missing-rejects': class extends Base {
    async deleteSession (id) { if (!this.rows.delete(id)) throw new Error('no such session') }
  },
  'missing-rejects': class extends Base {
    async getSessionById (id) {
      if (!this.rows.has(id)) throw new Error('no such session')
      return super.getSessionById(id)
    }
  },
  'missing-is-empty-object': class extends Base {
    async getSessionById (id) { return await super.getSessionById(id) ?? {} }
  },

  // Unusual, and right.
  'correct-at-once': class {
    constructor (env) { this.own = new Base(env) }
    getSessionById (id) { return this.own.rows.has(id) ? JSON.parse(this.own.rows.get(id)) : undefined }
    createSession (id, value) { this.own.rows.set(id, JSON.stringify(value)) }
    persistSessionData (id, value) { this.own.rows.set(id, JSON.stringify(value)) }
    deleteSession (id) { return this.own.rows.delete(id) }
  },
  'correct-updates-only': class extends Base {
    async persistSessionData (id, value) { if (this.rows.has(id)) await super.persistSessionData(id, value) }
  },
  'correct-false': class extends Base {
    async getSessionById (id) { return await super.getSessionById(id) ?? false }
  },
  'correct-forgets': class extends Base {
    async getSessionById (id) {
      const value = await super.getSessionById(id)
      if (!value?._expire || Date.now() < Date.parse(value._expire)) return value
      this.rows.delete(id)
      return null
    }
  }
}
