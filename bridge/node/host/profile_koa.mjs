// Speaks to a store as koa-session does: through promises, with a plain object and a lifetime in milliseconds, ten seconds longer than the
// session. The end that counts is in the object: the middleware refuses what is over by it.
import { IncomingMessage, ServerResponse } from 'node:http'
import { randomBytes, randomUUID } from 'node:crypto'
import { real } from './load.mjs'
import { asks, iso, isFresh, parts, shown } from './promises.mjs'
import { isObject } from './session.mjs'

export const needed = ['get', 'set', 'destroy']

const longer = 10_000 // milliseconds that a store keeps a session beyond its end
const taken = ['_expire', '_maxAge', '_session']

export function load (folder, fallback) {
  const find = name => real(name, folder, fallback, found => typeof found === 'function' || typeof found?.default === 'function', 'function')
  const Koa = find('koa')
  context = () => {
    const request = new IncomingMessage()
    return app.createContext(request, new ServerResponse(request))
  }
  const app = new Koa()
  const given = find('koa-session')
  return { given: given.default ?? given, Koa }
}

let context

export const methods = {
  get: asks((store, { id }) => store.get(id, undefined, { ctx: context(), rolling: false }), { results: 2, show }),
  set: asks((store, { id, argument, form }) => store.set(id, argument, lifetime(argument), { changed: form !== 'unchanged', ctx: context(), rolling: false }), { session: true }),
  destroy: asks((store, { id }) => store.destroy(id, { ctx: context() }))
}

// The middleware counts from now: the lifetime of a session is the same at each set.
function lifetime ({ _session: endless, _expire: end, _maxAge: maxAge }) {
  return endless ? 'session' : longer + (isFresh(end, maxAge) ? maxAge : Math.round(end - Date.now()))
}

export function build (instance, params) {
  const { members, end, maxAge } = parts(params, taken)
  return Object.assign(members, end === undefined ? { _session: true } : { _expire: end, _maxAge: maxAge })
}

// As the middleware takes it: what is falsy is missing, and so is what is over by a number.
function show (value) {
  if (!value) return undefined
  if (!isObject(value)) return value
  if (typeof value._expire === 'number' && value._expire < Date.now()) return undefined
  return shown(value, { originalMaxAge: value._maxAge ?? null, expires: value._session ? null : iso(value._expire) }, taken)
}

export async function site ({ store, middleware: { Koa, given } }, { rolling = false, maxAgeMs }, { answer, failed }) {
  const app = new Koa()
  app.keys = [randomBytes(16).toString('hex')]
  app.silent = true
  app.use(async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      failed(ctx.req, error)
      ctx.status = 500
      ctx.body = { error: String(error?.message ?? error) }
    }
  })
  // A session does not know that regenerate has given it another key.
  const genid = ctx => (ctx.state.key = randomUUID())
  app.use(given({ store, rolling, genid, ...(maxAgeMs && { maxAge: maxAgeMs }) }, app))
  app.use(async ctx => {
    const id = ctx.session.externalKey
    await pages[ctx.path](ctx)
    await new Promise(resolve => answer(ctx.req, resolve))
    ctx.body = { id: ctx.state.key ?? id, session: ctx.session && { cookie: {}, ...ctx.session.toJSON() } }
  })
  return { handle: app.callback(), close () {} }
}

const pages = {
  '/look' () {},
  '/visit' ({ session }) { session.views = (session.views ?? 0) + 1 },
  '/put' ({ session, query }) {
    session.cart ??= []
    session.cart.push(query.item)
  },
  async '/login' ({ session, query }) {
    await session.regenerate() // it keeps what the session holds
    session.user = query.user
  },
  '/logout' (ctx) { ctx.session = null }
}
