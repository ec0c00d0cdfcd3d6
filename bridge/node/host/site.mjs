// A small web site around the store, as an application with express-session has it, for checks that come over HTTP. ../README.md lists
// its pages.
import http from 'node:http'
import { randomBytes } from 'node:crypto'
import { context, fault, watched } from './faults.mjs'
import { unknown } from './wire.mjs'

const sites = new Map() // by URL
const generators = new WeakMap() // by request

/** The generate of the middleware that a request came through. A store may be behind several. */
export const generatorOf = request => generators.get(request)

/** Starts a site and returns its URL. Throws what express-session throws when it is set up. */
export function serve (instance, { resave = false, rolling = false, saveUninitialized = false, unset, maxAgeMs }) {
  const { store, express } = instance
  const kinds = ['connect', 'disconnect']
  const heard = kinds.map(kind => store.listeners?.(kind) ?? [])
  const ours = store.generate
  const site = { instance, sockets: new Set(), gates: new Map(), errors: [] }
  site.session = express({
    store, resave, rolling, saveUninitialized, unset, cookie: { maxAge: maxAgeMs ?? null }, secret: randomBytes(16).toString('hex')
  })
  site.generate = store.generate
  store.generate = ours
  site.close = () => {
    site.server.close()
    for (const socket of site.sockets) socket.destroy()
    kinds.forEach((kind, i) => store.listeners?.(kind).filter(f => !heard[i].includes(f)).forEach(f => store.removeListener?.(kind, f)))
  }
  site.server = http.createServer((req, res) => new Exchange(site, req, res).start())
  // A site is nothing that keeps the process from ending: stores are asked for what does.
  site.server.unref()
  site.server.on('connection', socket => {
    socket.unref()
    site.sockets.add(socket)
    socket.on('close', () => site.sockets.delete(socket))
  })
  return new Promise((resolve, reject) => {
    site.server.on('error', reject)
    site.server.listen(0, '127.0.0.1', () => {
      const url = `http://127.0.0.1:${site.server.address().port}`
      sites.set(url, site)
      resolve(url)
    })
  })
}

/** Ends a site, with all its connections. */
export function unserve (url) {
  const site = sites.get(url)
  if (!site) throw unknown(`there is no site ${url}`)
  sites.delete(url)
  site.close()
}

/** Ends the sites of an instance. */
export function unserveAll (instance) {
  for (const [url, site] of sites) if (site.instance === instance) unserve(url)
}

// What the application does on each page, before it answers.
const pages = {
  '/look': (req, query, done) => done(),
  '/visit' ({ session }, query, done) {
    session.views = (session.views ?? 0) + 1
    done()
  },
  '/put' ({ session }, query, done) {
    session.cart ??= []
    session.cart.push(query.get('item'))
    done()
  },
  '/login' (req, query, done) {
    const { cookie, ...held } = req.session
    req.session.regenerate(error => {
      if (!error) Object.assign(req.session, held, { user: query.get('user') })
      done(error)
    })
  },
  '/logout': ({ session }, query, done) => session.destroy(done),
  '/forget' (req, query, done) {
    req.session = null
    done()
  }
}

// A gate is where requests are held until they are released together.
function gate (site, name) {
  if (!site.gates.has(name)) {
    const made = { held: 0, watchers: [] }
    made.released = new Promise(resolve => { made.release = resolve })
    site.gates.set(name, made)
  }
  return site.gates.get(name)
}

// Calls back when as many requests are held at a gate as it takes, now or later.
function watch (gate, count, then) {
  gate.watchers.push(() => gate.held >= count && then())
  tell(gate)
}

function tell (gate) {
  gate.watchers = gate.watchers.filter(tried => !tried())
}

// A request and its response. It is what faults take for the call in whose context the store runs.
class Exchange {
  constructor (site, req, res) {
    const url = new URL(req.url, 'http://127.0.0.1')
    Object.assign(this, { site, req, res, path: url.pathname, query: url.searchParams, method: `GET ${url.pathname}`, acted: false, ending: false })
  }

  start () {
    const { site, req, res, query } = this
    switch (this.path) {
      case '/errors': return this.plainly({ errors: site.errors })
      case '/held': return watch(gate(site, query.get('hold')), Number(query.get('count')), () => this.plainly({}))
      case '/release':
        gate(site, query.get('hold')).release()
        return this.plainly({})
    }
    watched.add(this)
    // Connections and timers of the store keep the context of the request that made them: it must not hold a session.
    res.on('close', () => {
      watched.delete(this)
      this.req = this.res = undefined
    })
    generators.set(req, site.generate)
    context.run(this, () => this.guard(() => site.session(req, res, error => error ? this.failed(error) : this.guard(() => this.act()))))
  }

  act () {
    const { site, req, query } = this
    if (this.acted) return site.errors.push(`${this.method}: the session was got once and came twice`)
    this.acted = true
    if (!pages[this.path]) return this.end(404, { error: `there is no page ${this.path}` })
    if (!req.session) return this.end(503, { error: 'the store has emitted disconnect, and express-session serves without sessions since' })
    pages[this.path](req, query, error => this.guard(() => {
      if (error) return this.failed(error)
      const answer = () => this.guard(() => this.end(200, { id: req.sessionID, session: req.session ?? null }))
      const name = query.get('hold')
      if (!name) return answer()
      const at = gate(site, name)
      at.held++
      tell(at)
      at.released.then(answer)
    }))
  }

  // Ends the response through express-session, which saves the session first.
  end (status, answer) {
    this.ending = true
    if (!this.res) return
    const text = JSON.stringify(answer)
    this.res.statusCode = status
    this.res.setHeader('Content-Type', 'application/json')
    this.res.setHeader('Content-Length', Buffer.byteLength(text))
    this.res.end(text)
  }

  // What express-session or the application reports. After the end of the response it is too late to tell the browser.
  failed (error) {
    this.site.errors.push(`${this.method}: ${describe(error)}`)
    if (!this.ending) this.guard(() => this.end(500, { error: describe(error) }))
  }

  // What is thrown while the response ends leaves it without its end.
  guard (work) {
    try {
      work()
    } catch (thrown) {
      const ending = this.ending
      this.failed(thrown)
      if (ending) this.res?.destroy()
    }
  }

  plainly (answer) {
    this.end(200, answer)
    return true
  }

  uncaughtIn (thrown) {
    this.site.errors.push(`${this.method}: uncaught ${describe(thrown)}`)
  }

  rejectedWith () {}
}

function describe (thrown) {
  const { name, message } = fault(thrown)
  return `${name}: ${message}`
}
