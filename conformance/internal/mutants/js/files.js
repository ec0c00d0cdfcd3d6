'use strict'
// A correct store that keeps each session in a file of env.dir, which is written beside and then renamed. The mutants that are killed extend
// it and get one thing wrong each.
const { createHash } = require('node:crypto')
const fs = require('node:fs/promises')
const path = require('node:path')

let written = 0

// Who waits for whom, by file: instances may share a folder.
const turns = new Map()

module.exports = session => class Files extends session.Store {
  constructor (env) {
    super()
    this.dir = env.dir
  }

  path (id) {
    return path.join(this.dir, createHash('sha256').update(id).digest('hex') + '.json')
  }

  /** Does work when what the id was asked for before is done, and then calls back. */
  inTurn (id, callback, work) {
    const file = this.path(id)
    const done = (turns.get(file) ?? Promise.resolve()).then(work)
    const turn = done.catch(() => {}).then(() => {
      if (turns.get(file) === turn) turns.delete(file)
    })
    turns.set(file, turn)
    done.then(result => this.answer(callback, null, result), error => this.answer(callback, error))
  }

  /** Calls back where nothing catches what the callback throws. */
  answer (callback, ...args) {
    if (callback) setImmediate(callback, ...args)
  }

  read (id) {
    return this.readFile(this.path(id))
  }

  /** Reads a live session, or null. */
  async readFile (file) {
    try {
      const found = JSON.parse(await fs.readFile(file, 'utf8'))
      const { expires } = found.cookie
      return expires && new Date(expires) <= new Date() ? null : found
    } catch (error) {
      if (error.code === 'ENOENT') return null
      throw error
    }
  }

  async write (id, text) {
    const beside = `${this.path(id)}.${process.pid}.${++written}`
    await fs.writeFile(beside, text)
    await fs.rename(beside, this.path(id))
  }

  async remove (id) {
    await fs.rm(this.path(id), { force: true })
  }

  get (id, callback) {
    this.inTurn(id, callback, () => this.read(id))
  }

  set (id, session, callback) {
    let text
    try {
      text = JSON.stringify(session)
    } catch (error) {
      return this.answer(callback, error)
    }
    this.inTurn(id, callback, () => this.write(id, text))
  }

  destroy (id, callback) {
    this.inTurn(id, callback, () => this.remove(id))
  }

  touch (id, { cookie }, callback) {
    const text = JSON.stringify(cookie)
    this.inTurn(id, callback, async () => {
      const found = await this.read(id)
      if (found) await this.write(id, JSON.stringify({ ...found, cookie: JSON.parse(text) }))
    })
  }
  /** Whether a file of the folder holds a session. */
  holds (name) {
    return name.endsWith('.json')
  }

  async list () {
    const names = (await fs.readdir(this.dir)).filter(name => this.holds(name))
    const found = await Promise.all(names.map(name => this.readFile(path.join(this.dir, name))))
    return found.filter(session => session)
  }

  all (callback) {
    this.list().then(all => this.answer(callback, null, all), error => this.answer(callback, error))
  }

  length (callback) {
    this.list().then(all => this.answer(callback, null, all.length), error => this.answer(callback, error))
  }
}
