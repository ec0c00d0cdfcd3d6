// A plain object that nothing can be added to: no Store, no EventEmitter.
module.exports = () => {
  const sessions = new Map()
  return Object.freeze({
    get: (id, callback) => setImmediate(callback, null, sessions.get(id)),
    set: (id, session, callback) => { sessions.set(id, session); setImmediate(callback, null) },
    destroy: (id, callback) => { sessions.delete(id); setImmediate(callback, null) }
  })
}
