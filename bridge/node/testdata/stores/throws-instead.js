// Throws where it should call back.
module.exports = session => Object.assign(new session.Store(), {
  get () { setTimeout(() => { throw new Error('instead') }, 5) },
  set (id, s, done) { setImmediate(done) },
  destroy (id, done) { setImmediate(done) }
})
