// A class itself, constructed with the options.
module.exports = class Counted {
  constructor (options) {
    this.options = options
  }

  get (id, callback) {
    setImmediate(callback, null, { options: this.options })
  }

  set (id, session, callback) {
    setImmediate(callback, null)
  }

  destroy (id, callback) {
    setImmediate(callback, null)
  }
}
