// Speaks to a store as @mgcrea/fastify-session does: through promises, with the data and an end in milliseconds since 1970, apart.
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { real } from './load.mjs'
import { asks, iso, parts, shown } from './promises.mjs'
import { isObject } from './session.mjs'

export const needed = ['get', 'set', 'destroy']

const name = '@mgcrea/fastify-session'

export function load (folder, fallback) {
  const find = (name, right, members) => real(name, folder, fallback, right, members)
  const isFunction = value => typeof value === 'function'
  return {
    given: find(name, found => isFunction(found?.default), 'default'),
    // The package keeps the store of its last site in its module: each site has a copy of the module to itself.
    fresh () {
      const require = createRequire(import.meta.url)
      const file = fileOf(folder) ?? fileOf(fallback)
      delete require.cache[file]
      return require(file).default
    },
    cookies: find('@fastify/cookie', isFunction, 'function'),
    fastify: find('fastify', isFunction, 'function')
  }
}

function fileOf (folder) {
  try {
    return createRequire(`${folder}/x.js`).resolve(name)
  } catch {
    return undefined
  }
}

const ends = new WeakMap() // by argument: the end that goes with it
const endOf = argument => ends.get(argument) ?? null

export const methods = {
  get: asks((store, { id }) => store.get(id), { results: 2, show, live: answer => isObject(answer) ? answer[0] : answer }),
  set: asks((store, { id, argument }) => store.set(id, argument, endOf(argument)), { session: true }),
  touch: asks((store, { id, argument }) => store.touch(id, endOf(argument)), { session: true }),
  destroy: asks((store, { id }) => store.destroy(id))
}

export function build (instance, params) {
  const { members, end } = parts(params, [])
  ends.set(members, end)
  return members
}

// As the middleware takes it: a falsy answer is missing, and so is one whose end has passed.
function show (answer) {
  if (!answer) return undefined
  if (!Array.isArray(answer)) return answer
  const [data, end] = answer
  if (end && end <= Date.now()) return undefined
  // What is no number is never past for the middleware.
  const time = typeof end === 'number' || end instanceof Date
  return isObject(data) ? shown(data, { originalMaxAge: null, expires: end === null || end === undefined ? null : time ? iso(Number(end)) : `${end} (${typeof end})` }) : undefined
}

export async function site ({ store, middleware: { fastify, cookies, fresh } }, { saveUninitialized = false, maxAgeMs }, { answer, failed }) {
  const app = fastify()
  app.register(cookies)
  app.register(fresh(), { store, secret: randomBytes(32).toString('hex'), saveUninitialized, cookie: { secure: false, ...(maxAgeMs && { maxAge: maxAgeMs / 1000 }) } })
  app.setErrorHandler((error, request, reply) => {
    failed(request.raw, error)
    reply.code(500).send({ error: String(error?.message ?? error) })
  })
  for (const [path, work] of Object.entries(pages)) {
    app.get(path, async request => {
      const { id } = request.session
      await work(request)
      await new Promise(resolve => answer(request.raw, resolve))
      return { id, session: request.session.deleted ? null : { cookie: {}, ...request.session.data } }
    })
  }
  await app.ready()
  return { handle: (request, response) => app.routing(request, response), close: () => app.close() }
}

const pages = {
  '/look' () {},
  '/visit' ({ session }) { session.set('views', (session.get('views') ?? 0) + 1) },
  '/put' ({ session, query }) { session.set('cart', [...session.get('cart') ?? [], query.item]) },
  '/login' ({ session, query }) { session.set('user', query.user) }, // it has no regenerate
  '/logout': request => request.destroySession()
}
