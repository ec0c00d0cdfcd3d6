'use strict'
// Measures session-file-store inside Node. The only argument is {"packages", "dir", "secret", "budget", "ids", "session"} with the budget in
// milliseconds; the answer on standard output is {OPERATION: {CALLERS: calls a second}}.
const order = JSON.parse(process.argv[1])
const modules = order.packages + '/node_modules/'
const session = require(modules + 'express-session')
const Store = require(modules + 'session-file-store')(session)
const options = { path: order.dir, reapInterval: -1, logFn () {} }
if (order.secret) options.secret = order.secret
const store = new Store(options)

// What the middleware hands over: a Session with a Cookie.
const live = store.createSession({}, JSON.parse(order.session))
const id = i => order.ids[i * 379 % order.ids.length]

const call = (method, ...args) => new Promise((resolve, reject) =>
  store[method](...args, (err, value) => err ? reject(err) : resolve(value)))

const operations = {
  set (i) {
    live.n = 1000 + i % 61
    return call('set', id(i), live)
  },
  async get (i) {
    if (!await call('get', id(i))) throw new Error('a session is missing')
  },
  touch: i => call('touch', id(i), live),
  // It comes as an error that express-session takes for a missing session.
  miss: () => call('get', 'missing').then(
    got => { if (got) throw new Error('a session that nobody has set') },
    err => { if (err.code !== 'ENOENT') throw err })
}

async function rate (operation, callers) {
  const start = process.hrtime.bigint()
  const elapsed = () => Number(process.hrtime.bigint() - start) / 1e6
  let calls = 0
  let done = 0
  await Promise.all(Array.from({ length: callers }, async () => {
    do {
      await operations[operation](++calls)
      done++
    } while (elapsed() < order.budget)
  }))
  return done / elapsed() * 1000
}

async function main () {
  // With a secret, a call takes 25 ms, whichever the session.
  if (order.secret) order.ids.length = 7
  for (let i = 0; i < order.ids.length; i++) await operations.set(i)
  const rates = {}
  for (const [operation, callers] of [['set', 1], ['set', 8], ['get', 1], ['touch', 1], ['miss', 1]]) {
    rates[operation] = { ...rates[operation], [callers]: await rate(operation, callers) }
  }
  process.stdout.write(JSON.stringify(rates))
}

main().catch(err => {
  console.error(err)
  process.exitCode = 1
})
