'use strict'
// The real session-file-store, for interchange_test.go: node npm.js PACKAGES, where PACKAGES is a folder with a node_modules. Each line on
// standard input is [METHOD, …ARGUMENTS]; its answer is a line {"value"} or {"error"}.
const http = require('http')
const signature = require(process.argv[2] + '/node_modules/cookie-signature')
const session = require(process.argv[2] + '/node_modules/express-session')
const Store = require(process.argv[2] + '/node_modules/session-file-store')(session)
let store

// What the middleware hands over: a Session with a Cookie.
const live = plain => store.createSession({}, plain)

const call = (method, ...args) => new Promise((resolve, reject) =>
  store[method](...args, (err, value) => err ? reject(err) : resolve(value)))

const methods = {
  async open (options) { store = new Store({ retries: 0, reapInterval: -1, logFn () {}, ...options }) },
  async set (id, plain) { await call('set', id, live(plain)) },
  async touch (id, plain) { await call('touch', id, live(plain)) },
  get: id => call('get', id),
  destroy: id => call('destroy', id),
  list: () => call('list'),
  length: () => call('length'),

  // A page of a real site that only looks at the session. Returns the id that the site knows the visitor by.
  page: id => new Promise((resolve, reject) => {
    const middleware = session({ store, secret: 'keyboard cat', resave: false, saveUninitialized: false })
    const server = http.createServer((req, res) => middleware(req, res, err => res.end(err ? String(err) : req.sessionID)))
    server.listen(0, '127.0.0.1', () => {
      const headers = { cookie: 'connect.sid=' + encodeURIComponent('s:' + signature.sign(id, 'keyboard cat')), connection: 'close' }
      http.get({ port: server.address().port, headers }, res => {
        let text = ''
        res.setEncoding('utf8').on('data', chunk => { text += chunk }).on('end', () => server.close(() => resolve(text)))
      }).on('error', reject)
    })
  }),

  // Reads, sets and touches the ids in turn, as the Go test does meanwhile. Returns how many of the sessions read were written by Go.
  async mix (ids, rounds, text) {
    let foreign = 0
    for (let round = 0; round < rounds; round++) {
      for (const id of ids) {
        const got = await call('get', id)
        if (got.text !== text || got.again !== text) throw new Error('half a session: ' + JSON.stringify(got))
        if (got.writer === 'go') foreign++
        await call('set', id, live({ cookie: { originalMaxAge: 3600000 }, text, round, writer: 'npm', again: text }))
        if (round % 3 === 0) await call('touch', id, live(got))
      }
    }
    return foreign
  }
}

require('readline').createInterface({ input: process.stdin }).on('line', async line => {
  const [method, ...args] = JSON.parse(line)
  let answer
  try {
    answer = { value: await methods[method](...args) }
  } catch (err) {
    answer = { error: String(err) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
})
