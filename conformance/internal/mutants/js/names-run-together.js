'use strict'
const base = require('./base.js')

const server = new Map()

// Keeps all stores in one table, and puts an id right behind the name of its store.
class Rows {
  constructor (name) {
    this.name = name
  }

  get (id) { return server.get(this.name + id) }
  set (id, row) { server.set(this.name + id, row) }
  delete (id) { server.delete(this.name + id) }
}

module.exports = (session, env) => {
  const Base = base(session)
  class Joined extends Base {
    constructor (env) {
      super(env)
      this.rows = new Rows(env.namespace)
    }
  }
  for (const method of ['all', 'length', 'clear']) Joined.prototype[method] = undefined
  return new Joined(env)
}
