'use strict'
// Storages for the sessions of apps for Shopify: a correct one, and by name others that extend it and get one thing wrong, or do it in an unusual way.
const tables = new Map()

// The Session of the package that the storage is called with, which the factory hands over.
class Base {
  constructor (env, { Session }) {
    if (!tables.has(env.namespace)) tables.set(env.namespace, new Map())
    this.rows = tables.get(env.namespace)
    this.Session = Session
  }

  encode (session) { return JSON.stringify(session.toPropertyArray(true)) }
  decode (text) { return this.Session.fromPropertyArray(JSON.parse(text), true) }

  async storeSession (session) {
    this.rows.set(session.id, this.encode(session))
    return true
  }

  async loadSession (id) { return this.rows.has(id) ? this.decode(this.rows.get(id)) : undefined }

  async deleteSession (id) {
    this.rows.delete(id)
    return true
  }

  async deleteSessions (ids) {
    for (const id of ids) this.rows.delete(id)
    return true
  }

  async findSessionsByShop (shop) { return [...this.rows.values()].map(text => this.decode(text)).filter(session => session.shop === shop) }
}

// With one thing of what is stored, or of what is loaded, otherwise.
const stored = change => class extends Base {
  encode (session) { return JSON.stringify(change(session.toPropertyArray(true), session)) }
}
const loaded = change => class extends Base {
  decode (text) { return change(super.decode(text), this.Session) ?? super.decode(text) }
}
const without = (...names) => stored(entries => entries.filter(([name]) => !names.includes(name)))
const mapped = (name, change) => stored(entries => entries.map(([key, value]) => [key, key === name ? change(value) : value]))

const later = ms => new Promise(resolve => setTimeout(resolve, ms))

// Keeps a list of ids beside the sessions of each shop.
class Listed extends Base {
  constructor (...args) {
    super(...args)
    this.lists = this.rows.lists ??= new Map()
  }

  listOf (shop) { return this.lists.get(shop) ?? [] }

  async storeSession (session) {
    await super.storeSession(session)
    await this.change(session.shop, list => list.includes(session.id) ? list : [...list, session.id])
    return true
  }

  async change (shop, change) { this.lists.set(shop, change(this.listOf(shop))) }

  async deleteSession (id) {
    const session = await this.loadSession(id)
    if (!session) return true
    await this.change(session.shop, list => list.filter(one => one !== id))
    return super.deleteSession(id)
  }

  async deleteSessions (ids) {
    for (const id of ids) await this.deleteSession(id)
    return true
  }

  async findSessionsByShop (shop) { return (await Promise.all(this.listOf(shop).map(id => this.loadSession(id)))).filter(Boolean) }
}

module.exports = {
  correct: Base,

  // Wrong.
  'plain-object': loaded(session => ({ ...session })),
  'expires-as-text': loaded(session => {
    if (session.expires) session.expires = session.expires.toISOString()
    return session
  }),
  'expires-as-number': loaded(session => {
    if (session.expires) session.expires = session.expires.getTime()
    return session
  }),
  'expires-dropped': without('expires'),
  'expires-in-seconds': mapped('expires', end => Math.floor(end / 1000)),
  'no-expires-is-1970': loaded(session => {
    session.expires ??= new Date(0)
    return session
  }),
  'ended-is-missing': class extends Base {
    async loadSession (id) {
      const session = await super.loadSession(id)
      return session?.isExpired() ? undefined : session
    }
  },
  'ends-with-the-token': class extends Base {
    async storeSession (session) {
      await super.storeSession(session)
      const [{ id, expires }, text] = [session, this.rows.get(session.id)]
      const end = () => { if (this.rows.get(id) === text) this.rows.delete(id) }
      if (expires && expires - Date.now() < 60_000) setTimeout(end, expires - Date.now()).unref()
      return true
    }
  },
  'merges': class extends Base {
    async storeSession (session) {
      const before = this.rows.has(session.id) ? JSON.parse(this.rows.get(session.id)) : []
      this.rows.set(session.id, JSON.stringify([...Object.entries({ ...Object.fromEntries(before), ...Object.fromEntries(session.toPropertyArray(true)) })]))
      return true
    }
  },
  'token-needed': class extends Base {
    async storeSession (session) { return session.accessToken ? super.storeSession(session) : false }
  },
  'refresh-token-dropped': without('refreshToken', 'refreshTokenExpires'),
  'user-without-names': class extends Base {
    encode (session) { return JSON.stringify(session.toPropertyArray()) }
    decode (text) { return this.Session.fromPropertyArray(JSON.parse(text)) }
  },
  'names-in-latin-1': class extends Base {
    decode (text) { return super.decode(Buffer.from(text, 'latin1').toString('latin1')) }
  },
  'token-of-24-characters': mapped('accessToken', token => token.slice(0, 24)),
  'user-id-of-32-bits': mapped('userId', id => id | 0),
  'online-as-text': loaded(session => {
    session.isOnline = String(session.isOnline)
    return session
  }),
  'one-session-a-shop': class extends Base {
    async storeSession (session) {
      for (const other of await this.findSessionsByShop(session.shop)) this.rows.delete(other.id)
      return super.storeSession(session)
    }
  },
  'empty-state-refused': class extends Base {
    async storeSession (session) {
      if (!session.state) throw new Error('state must not be empty')
      return super.storeSession(session)
    }
  },
  'list-loses-writes': class extends Listed {
    async change (shop, change) {
      const list = this.listOf(shop)
      await later(2)
      this.lists.set(shop, change(list))
    }
  },
  'list-has-one-twice': class extends Listed {
    async storeSession (session) {
      await Base.prototype.storeSession.call(this, session)
      this.lists.set(session.shop, [...this.listOf(session.shop), session.id])
      return true
    }

    async deleteSession (id) {
      const session = await this.loadSession(id)
      if (session) this.lists.set(session.shop, this.listOf(session.shop).filter(one => one !== id))
      return Base.prototype.deleteSession.call(this, id)
    }
  },
  'finds-by-end': class extends Base {
    async findSessionsByShop (shop) { return [...this.rows.values()].map(text => this.decode(text)).filter(session => session.shop.endsWith(shop)) }
  },
  'finds-by-beginning': class extends Base {
    async findSessionsByShop (shop) {
      const [name] = shop.split('.')
      return [...this.rows.values()].map(text => this.decode(text)).filter(session => session.shop.startsWith(name))
    }
  },
  'finds-ten': class extends Base {
    async findSessionsByShop (shop) { return (await super.findSessionsByShop(shop)).slice(0, 10) }
  },
  'none-found-is-undefined': class extends Base {
    async findSessionsByShop (shop) {
      const found = await super.findSessionsByShop(shop)
      return found.length > 0 ? found : undefined
    }
  },
  'finds-promises': class extends Base {
    async findSessionsByShop (shop) { return (await super.findSessionsByShop(shop)).map(async session => session) }
  },
  'deletes-the-first': class extends Base {
    async deleteSessions ([id]) { return this.deleteSession(id) }
  },
  'deletes-later': class extends Base {
    async deleteSessions (ids) {
      setTimeout(() => super.deleteSessions(ids), 600)
      return true
    }
  },
  'delete-of-missing-rejects': class extends Base {
    async deleteSession (id) {
      if (!this.rows.delete(id)) throw new Error('no such session')
      return true
    }
  },
  'missing-rejects': class extends Base {
    async loadSession (id) {
      if (!this.rows.has(id)) throw new Error('no such session')
      return super.loadSession(id)
    }
  },
  'missing-is-empty-session': class extends Base {
    async loadSession (id) { return await super.loadSession(id) ?? new this.Session({ id, shop: '', state: '', isOnline: false }) }
  },
  'stores-later': class extends Base {
    async storeSession (session) {
      const text = this.encode(session)
      setTimeout(() => this.rows.set(session.id, text), 60)
      return true
    }
  },
  'changes-what-it-stores': class extends Base {
    async storeSession (session) {
      await super.storeSession(session)
      if (session.expires) session.expires = Math.floor(session.expires / 1000)
      return true
    }
  },

  // Unusual, and right.
  'correct-live': class extends Base {
    encode (session) { return session }
    decode (session) { return session }
  },
  'correct-at-once': class {
    constructor (...args) { this.own = new Base(...args) }
    storeSession (session) { this.own.rows.set(session.id, this.own.encode(session)) }
    loadSession (id) { return this.own.rows.has(id) ? this.own.decode(this.own.rows.get(id)) : null }
    deleteSession (id) { return this.own.rows.delete(id) }
    deleteSessions (ids) { return ids.map(id => this.own.rows.delete(id)) }
    findSessionsByShop (shop) { return [...this.own.rows.values()].map(text => this.own.decode(text)).filter(session => session.shop === shop) }
  },
  'correct-rows': class extends Base {
    // As a table keeps it: columns, an empty text for none, and whole seconds for refreshTokenExpires.
    encode (session) {
      const { refreshTokenExpires: end, onlineAccessInfo: { associated_user: user } = {}, ...row } = session.toObject()
      return JSON.stringify({ ...row, expires: row.expires?.getTime(), ends: end ? Math.floor(end / 1000) : 0, user: user ? Object.entries(user) : '' })
    }

    decode (text) {
      const { expires, ends, user, ...row } = JSON.parse(text)
      const online = user ? { onlineAccessInfo: { associated_user: Object.fromEntries(user) } } : {}
      return new this.Session({ ...row, ...(expires && { expires: new Date(expires) }), ...(ends && { refreshTokenExpires: new Date(ends * 1000) }), ...online })
    }
  },
  'correct-listed': Listed,
  'correct-queued': class extends Listed {
    // One change after the other, each a moment later than it was asked for.
    change (shop, change) {
      const turn = (this.rows.turn ?? Promise.resolve()).then(() => later(1)).then(() => { this.lists.set(shop, change(this.listOf(shop))) })
      this.rows.turn = turn
      return turn
    }
  },
  'correct-own-session': class extends Base {
    // A class of its own that does what Session does, as that of another copy of the package.
    decode (text) {
      const session = super.decode(text)
      class Own extends this.Session {}
      return new Own({ ...session, note: 'a member of its own' })
    }
  }
}
