'use strict'
// A correct store: the text of each session and when it ends, by id. The mutants extend it and get one thing wrong each.
const tables = new Map()

module.exports = session => class Base extends session.Store {
  constructor (env) {
    super()
    this.env = env
    if (!tables.has(env.namespace)) tables.set(env.namespace, new Map())
    this.rows = tables.get(env.namespace)
  }

  /** Calls back later, where there is a callback. */
  answer (callback, ...args) {
    if (callback) setImmediate(callback, ...args)
  }

  /** The live row of an id. */
  row (id) {
    const row = this.rows.get(id)
    return row && (row.ends === undefined || row.ends > Date.now()) ? row : undefined
  }

  encode (session) {
    return JSON.stringify(session)
  }

  decode (text) {
    return JSON.parse(text)
  }

  write (id, session) {
    const { expires } = session.cookie
    this.rows.set(id, { text: this.encode(session), ends: expires ? new Date(expires).getTime() : undefined, secret: this.env.secret })
  }

  /** Whether a row was written with another secret. */
  foreign (id) {
    return this.row(id) !== undefined && this.row(id).secret !== this.env.secret
  }

  get (id, callback) {
    if (this.foreign(id)) return this.answer(callback, new Error('unable to decrypt'))
    const row = this.row(id)
    this.answer(callback, null, row ? this.decode(row.text) : null)
  }

  set (id, session, callback) {
    try {
      this.write(id, session)
    } catch (error) {
      return this.answer(callback, error)
    }
    this.answer(callback, null)
  }

  destroy (id, callback) {
    this.rows.delete(id)
    this.answer(callback, null)
  }

  touch (id, { cookie }, callback) {
    const row = this.row(id)
    if (row) this.write(id, { ...JSON.parse(row.text), cookie })
    this.answer(callback, null)
  }

  live () {
    return [...this.rows].filter(([id]) => this.row(id))
  }

  all (callback) {
    this.answer(callback, null, this.live().map(([, row]) => this.decode(row.text)))
  }

  length (callback) {
    this.answer(callback, null, this.live().length)
  }

  clear (callback) {
    this.rows.clear()
    this.answer(callback, null)
  }
}
