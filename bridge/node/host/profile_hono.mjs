// Speaks to a store as hono-sessions does: it asks for the session first, then creates or persists it. The end stands in the value, and the
// middleware refuses what is over by it.
import { real } from './load.mjs'
import { asks, iso, parts, shown } from './promises.mjs'
import { isObject } from './session.mjs'

export const needed = ['getSessionById', 'createSession', 'persistSessionData', 'deleteSession']

export function load (folder, fallback) {
  const find = (name, member) => real(name, folder, fallback, found => typeof found?.[member] === 'function', member)
  const sessions = find('hono-sessions', 'sessionMiddleware')
  return { given: sessions, sessionMiddleware: sessions.sessionMiddleware, Hono: find('hono', 'Hono').Hono }
}

// The suite works with the members of the application: a view shows those of a value, and changes them there.
const values = new WeakMap() // by view

function viewOf (value) {
  const data = value._data
  const has = name => Object.hasOwn(data, name) && isObject(data[name])
  const view = new Proxy({}, {
    get: (_, name) => has(name) ? data[name].value : undefined,
    set: (_, name, member) => Reflect.set(data, name, { value: member, flash: false }),
    has: (_, name) => has(name),
    ownKeys: () => Reflect.ownKeys(data),
    getOwnPropertyDescriptor: (_, name) => has(name) ? { value: data[name].value, enumerable: true, configurable: true, writable: true } : undefined
  })
  values.set(view, value)
  return view
}

// The middleware writes the id into what it has got. Where that cannot be, it takes the session for missing.
async function load1 (store, id) {
  const value = await store.getSessionById(id)
  if (!value) return undefined
  try {
    value._id = id
  } catch {
    return undefined
  }
  return value
}

export const methods = {
  get: asks((store, { id }) => load1(store, id), { results: 2, show, live: value => isObject(value?._data) ? viewOf(value) : value }),
  set: asks(async (store, { id, argument }) => {
    const value = values.get(argument)
    if (await load1(store, id).catch(() => undefined)) {
      value._id = id
      return store.persistSessionData(id, value)
    }
    value._id = crypto.randomUUID() // as after a rotation, when it is still the id from before
    return store.createSession(id, value)
  }, { session: true }),
  destroy: asks((store, { id }) => store.deleteSession(id))
}

export const watched = needed

export function build (instance, params) {
  const { members, end } = parts(params, [])
  const value = { _data: {}, _expire: iso(end), _delete: false, _accessed: new Date().toISOString() }
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    const entry = { flash: false }
    Object.defineProperty(entry, 'value', member)
    Object.defineProperty(value._data, name, { value: entry, enumerable: true, configurable: true, writable: true })
  }
  return viewOf(value)
}

function show (value) {
  if (!value) return undefined
  if (!isObject(value) || !isObject(value._data)) return value
  const { _expire: end } = value
  if (end != null && !(Date.now() < new Date(end).getTime())) return undefined
  const members = {}
  for (const name of Object.keys(value._data)) {
    Object.defineProperty(members, name, { value: value._data[name]?.value, enumerable: true, configurable: true, writable: true })
  }
  return shown(members, { originalMaxAge: null, expires: end == null ? null : new Date(end).toISOString() })
}

export async function site ({ store, middleware: { Hono, sessionMiddleware } }, { rolling = false, maxAgeMs }, { answer, failed }) {
  const app = new Hono()
  app.onError((error, c) => {
    failed(c.env.raw, error)
    return c.json({ error: String(error?.message ?? error) }, 500)
  })
  app.use(sessionMiddleware({ store, autoExtendExpiration: rolling, ...(maxAgeMs && { expireAfterSeconds: maxAgeMs / 1000 }), cookieOptions: { path: '/' } }))
  for (const [path, work] of Object.entries(pages)) {
    app.get(path, async c => {
      const session = c.get('session')
      work(c, session)
      await new Promise(resolve => answer(c.env.raw, resolve))
      const { _data: data, _delete: gone } = session.getCache()
      return c.json({ session: gone ? null : { cookie: {}, ...Object.fromEntries(Object.entries(data).map(([name, { value }]) => [name, value])) } })
    })
  }
  return {
    async handle (request, response) {
      const got = await app.fetch(new Request(`http://site${request.url}`, { headers: request.headers }), { raw: request })
      const cookies = got.headers.getSetCookie()
      const body = await got.json()
      // Only the cookie tells the id, and after a rotation the last one.
      if (got.status === 200) body.id = cookies.at(-1)?.split(/[=;]/)[1]
      response.writeHead(got.status, { 'content-type': 'application/json', 'set-cookie': cookies }).end(JSON.stringify(body))
    },
    close () {}
  }
}

const pages = {
  '/look' () {},
  '/visit': (c, session) => session.set('views', (session.get('views') ?? 0) + 1),
  '/put': (c, session) => session.set('cart', [...session.get('cart') ?? [], c.req.query('item')]),
  '/login' (c, session) {
    session.set('user', c.req.query('user'))
    c.set('session_key_rotation', true)
  },
  '/logout': (c, session) => session.deleteSession()
}
