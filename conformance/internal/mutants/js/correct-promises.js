'use strict'
const base = require('./base.js')

// Each method calls back and returns a promise of the same.
module.exports = (session, env) => {
  const store = new (base(session))(env)
  for (const method of ['get', 'set', 'destroy', 'touch', 'all', 'length', 'clear']) {
    const call = store[method]
    store[method] = (...args) => {
      const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined
      while (args.length < call.length - 1) args.push(undefined)
      const promise = new Promise((resolve, reject) => {
        call.call(store, ...args, (error, result) => error ? reject(error) : resolve(result))
      })
      if (!callback) return promise
      promise.then(result => setImmediate(callback, null, result), error => setImmediate(callback, error))
    }
  }
  return store
}
