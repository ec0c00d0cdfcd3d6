// A small web site around the store, an Express application with express-session, for checks that come over HTTP. ../README.md lists its
// pages.
import http from 'node:http'
import { randomBytes } from 'node:crypto'
import { context, fault, watched } from './faults.mjs'
import { unknown } from './wire.mjs'

const sites = new Map() // by URL
const visits = new WeakMap() // by request

/** The generate of the middleware that a request came through. A store may be behind several. */
export const generatorOf = request => visits.get(request)?.site.generate

/** Starts a site and returns its URL. Throws what express-session throws when it is set up. */
export function serve (instance, framework, { resave = false, rolling = false, saveUninitialized = false, unset, maxAgeMs }) {
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
    kinds.forEach((kind, i) => store.listeners?.(kind).filter(f => !heard[i].includes(f)).forEach(f => store.removeListener?.(kind, f)))
  }
  return open(site, application(framework, site))
}

/** Opens a site, an object with instance, close, sockets, gates and errors, on a free port, and returns its URL. */
export function open (site, handler) {
  site.server = http.createServer(handler)
  // A site must not keep the process from ending: checks look for stores that do.
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
  site.server.close()
  for (const socket of site.sockets) socket.destroy()
  site.close()
}

/** Ends the sites of an instance. */
export function unserveAll (instance) {
  for (const [url, site] of sites) if (site.instance === instance) unserve(url)
}

// The work of the application on each page, before the answer.
export const pages = {
  '/look': (req, done) => done(),
  '/visit' ({ session }, done) {
    session.views = (session.views ?? 0) + 1
    done()
  },
  '/put' ({ session, query }, done) {
    session.cart ??= []
    session.cart.push(query.item)
    done()
  },
  '/login' (req, done) {
    // Members by name only: what hangs on a session by symbols belongs to that session.
    const { cookie, ...held } = Object.fromEntries(Object.entries(req.session))
    req.session.regenerate(error => {
      if (!error) Object.assign(req.session, held, { user: req.query.user })
      done(error)
    })
  },
  '/logout': ({ session }, done) => session.destroy(done),
  '/forget' (req, done) {
    req.session = null
    done()
  }
}

// Requests are held at a gate until they are released together.
export function gate (site, name) {
  if (!site.gates.has(name)) {
    const made = { held: 0, watchers: [] }
    made.released = new Promise(resolve => { made.release = resolve })
    site.gates.set(name, made)
  }
  return site.gates.get(name)
}

// Calls back when as many requests are held at a gate as it takes, now or later.
export function watch (gate, count, then) {
  gate.watchers.push(() => gate.held >= count && then())
  tell(gate)
}

function tell (gate) {
  gate.watchers = gate.watchers.filter(tried => !tried())
}

function application (framework, site) {
  const app = framework()
  app.get('/errors', (req, res) => res.json({ errors: site.errors }))
  app.get('/held', (req, res) => watch(gate(site, req.query.hold), Number(req.query.count), () => res.json({})))
  app.get('/release', (req, res) => {
    gate(site, req.query.hold).release()
    res.json({})
  })
  app.use((req, res, next) => {
    const visit = new Visit(site, req)
    visits.set(req, visit)
    watched.add(visit)
    res.on('close', () => watched.delete(visit))
    context.run(visit, next)
  })
  app.use(site.session)
  app.use((req, res, next) => visits.get(req).once(next))
  app.use((req, res, next) => {
    if (req.session) return next()
    visits.get(req).end(res, 503, { error: 'the store has emitted disconnect, and express-session serves without sessions since' })
  })
  for (const [path, work] of Object.entries(pages)) app.get(path, (req, res, next) => work(req, error => error ? next(error) : answer(req, res)))
  app.use((req, res) => visits.get(req).end(res, 404, { error: `there is no page ${req.path}` }))
  app.use((error, req, res, next) => visits.get(req).failed(error, res))
  return app
}

// Answers with the session.
function answer (req, res) {
  const visit = visits.get(req)
  holding(visit.site, req.query.hold, () => visit.end(res, 200, { id: req.sessionID, session: req.session ?? null }))
}

/** Calls back at once, or after a wait at a gate of the site. */
export function holding (site, name, then) {
  if (!name) return then()
  const at = gate(site, name)
  at.held++
  tell(at)
  at.released.then(then)
}

// The facts about a request. Faults take them for the call in whose context the store runs. Connections and timers of the store keep them,
// so they must not hold the session.
export class Visit {
  constructor (site, { path }) {
    Object.assign(this, { site, method: `GET ${path}`, acted: false, ending: false })
  }

  once (next) {
    if (this.acted) return this.note('the session was got once and came twice')
    this.acted = true
    next()
  }

  // Ends the response through express-session, which saves the session first. An error thrown meanwhile leaves the response without its end.
  end (res, status, body) {
    if (this.ending) return
    this.ending = true
    try {
      res.status(status).json(body)
    } catch (thrown) {
      this.note(describe(thrown))
      res.destroy()
    }
  }

  // The errors that express-session or the application reports. After the end of the response it is too late to tell the browser.
  failed (error, res) {
    this.note(this.ending ? `reported to the application, after the answer: ${describe(error)}` : describe(error))
    this.end(res, 500, { error: describe(error) })
  }

  /** What the middleware reports before the answer. */
  reported (error) {
    this.note(describe(error))
  }

  uncaughtIn (thrown) {
    this.note(`uncaught ${describe(thrown)}`)
  }

  rejectedWith () {}

  note (what) {
    this.site.errors.push(`${this.method}: ${what}`)
  }
}

function describe (thrown) {
  const { name, message } = fault(thrown)
  return `${name}: ${message}`
}
