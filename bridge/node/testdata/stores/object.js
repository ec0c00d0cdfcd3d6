// The object form, with a close that takes longer than anybody waits.
const good = require('./good.js')

module.exports = {
  name: 'object form',
  open: async (session, env) => {
    const store = new (good(session))()
    store.set('env', { ...env }, () => {})
    return store
  },
  close: () => new Promise(() => {}),
  durable: true
}
