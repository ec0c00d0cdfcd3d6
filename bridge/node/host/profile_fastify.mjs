// Speaks to a store as @fastify/session does: through callbacks, with its own live Session, and without touch.
import { randomBytes } from 'node:crypto'
import { real } from './load.mjs'
import { evaluate, freeze, isObject, own } from './session.mjs'
import { badParams } from './wire.mjs'

/** The methods that it calls. */
export const needed = ['get', 'set', 'destroy']

const isFunction = value => typeof value === 'function'

/** What the profile needs of npm, from beside the store or from where storecheck has installed it. */
export function load (folder, fallback) {
  const find = (name, right, members) => real(name, folder, fallback, right, members)
  return {
    given: find('@fastify/session', isFunction, 'function'),
    Session: find('@fastify/session/lib/session.js', isFunction, 'class'),
    Cookie: find('@fastify/session/lib/cookie.js', isFunction, 'class'),
    cookies: find('@fastify/cookie', isFunction, 'function'),
    fastify: find('fastify', isFunction, 'function')
  }
}

const ends = new WeakMap() // by store: the expires that each id was set with last
const mostEnds = 10_000

export const methods = {
  get: { results: 2, run: (store, call, callback) => store.get(call.id, callback), show },
  set: {
    results: 1,
    session: true,
    run (store, call, callback) {
      if (!ends.has(store)) ends.set(store, new Map())
      const known = ends.get(store)
      if (known.size < mostEnds) known.set(call.id, call.argument.cookie?.expires)
      return store.set(call.id, call.argument, callback)
    }
  },
  destroy: {
    results: 1,
    run (store, call, callback) {
      ends.get(store)?.delete(call.id)
      return store.destroy(call.id, callback)
    }
  }
}

// The words for missing become undefined. In a cookie null is unset, expires may be a number, and originalExpires is the middleware's own.
function show (session) {
  if (!session) return undefined
  if (!isObject(session) || !isObject(session.cookie)) return session
  let cookie
  try {
    cookie = JSON.parse(JSON.stringify(session.cookie))
  } catch {
    return session
  }
  delete cookie.originalExpires
  for (const name of ['sameSite', 'secure', 'domain', 'partitioned']) if (cookie[name] === null) delete cookie[name]
  if (typeof cookie.expires === 'number') cookie.expires = new Date(cookie.expires)
  const { cookie: replaced, ...members } = Object.getOwnPropertyDescriptors(session)
  const shown = Object.create(Object.getPrototypeOf(session), members)
  own(shown, 'cookie', cookie)
  return shown
}

/** The Session that the middleware hands to set: of a session that was stored before, it has kept the expires of then as originalExpires. */
export function build ({ store, middleware: { Session, Cookie } }, { id, session: data, expression, frozen }) {
  if (!isObject(data) || Array.isArray(data)) throw badParams('session must be a JSON object')
  const extra = expression ? evaluate(expression) : undefined
  const request = { protocol: 'http', headers: {}, sessionStore: store }
  const session = new Session(store, request, () => id, { secure: false }, { sign: text => `${text}.signature`, unsign: value => ({ valid: true, value }) })
  request.session = session
  if (isObject(data.cookie)) session.cookie = restore(Cookie, request, data.cookie, ends.get(store)?.get(id))
  for (const name of Object.keys(data)) if (name !== 'cookie') own(session, name, data[name])
  if (extra) Object.defineProperties(session, Object.getOwnPropertyDescriptors(extra))
  if (frozen) freeze(session)
  return session
}

// The constructor renews expires and fills in attributes. Here the cookie is the one that was sent.
function restore (Cookie, request, data, before) {
  const cookie = new Cookie(data, request)
  cookie.expires = typeof data.expires === 'string' ? new Date(data.expires) : null
  cookie.originalMaxAge = data.originalMaxAge || null
  cookie.originalExpires = before || undefined
  if (!Object.hasOwn(data, 'path')) cookie.path = undefined
  if (!Object.hasOwn(data, 'httpOnly')) cookie.httpOnly = undefined
  return cookie
}

/** The handler of a site of the middleware; see site.mjs. The middleware's own default of rolling and saveUninitialized is true. */
export async function site ({ store, middleware: { fastify, cookies, given } }, { rolling = false, saveUninitialized = false, maxAgeMs }, { pages, answer, failed }) {
  const app = fastify()
  app.register(cookies)
  app.register(given, {
    store, secret: randomBytes(32).toString('hex'), rolling, saveUninitialized, cookie: { secure: false, ...(maxAgeMs && { maxAge: maxAgeMs }) }
  })
  app.setErrorHandler((error, request, reply) => {
    failed(request.raw, error)
    reply.code(500).send({ error: String(error?.message ?? error) })
  })
  const { '/forget': unset, ...asked } = pages // it has no unset
  for (const [path, work] of Object.entries(asked)) {
    app.get(path, (request, reply) => {
      const id = request.session.sessionId
      work(request, error => error ? reply.send(error) : answer(request.raw, () => reply.send({ id: request.session?.sessionId ?? id, session: request.session ?? null })))
    })
  }
  await app.ready()
  return { handle: (request, response) => app.routing(request, response), close: () => app.close() }
}
