'use strict'
const network = require('./network.js')

module.exports = (session, env) => {
  const store = new (network(session))(env)
  for (const method of ['get', 'set', 'destroy', 'touch']) {
    const call = store[method]
    store[method] = (...args) => {
      const callback = args.pop()
      return new Promise((resolve, reject) => {
        call.call(store, ...args, (error, result) => {
          callback(error, result)
          if (error) reject(error)
          else resolve(result)
        })
      })
    }
  }
  return store
}
