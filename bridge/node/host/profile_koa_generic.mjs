// Speaks to a store as koa-generic-session does: through promises, with a live plain object that holds the cookie, and a lifetime in milliseconds.
// Nobody but the store looks at the end.
import { randomBytes } from 'node:crypto'
import { real } from './load.mjs'
import { asks, isFresh, parts, shown } from './promises.mjs'
import { isObject } from './session.mjs'

export const needed = ['get', 'set', 'destroy']

const prefix = 'koa:sess:' // the middleware's own default

export function load (folder, fallback) {
  const find = name => real(name, folder, fallback, found => typeof found === 'function', 'function')
  return { given: find('koa-generic-session'), Koa: find('koa') }
}

export const methods = {
  get: asks((store, { id }) => store.get(prefix + id), { results: 2, show }),
  set: asks((store, { id, argument }) => store.set(prefix + id, argument, lifetime(argument)), { session: true }),
  destroy: asks((store, { id }) => store.destroy(prefix + id))
}

// As the middleware computes it: of cookie.expires, where an application has set it, or else of cookie.maxAge, which is null in a session that ends
// with the browser.
function lifetime ({ cookie }) {
  if (cookie?.expires) return Math.ceil(cookie.expires - Date.now())
  return typeof cookie?.maxAge === 'number' ? cookie.maxAge : undefined
}

export function build (instance, params) {
  const { members, end, maxAge } = parts(params, [])
  members.cookie = { httpOnly: true, path: '/', overwrite: true, signed: true, maxAge: maxAge ?? null }
  if (end !== undefined && !isFresh(end, maxAge)) members.cookie.expires = new Date(end)
  return members
}

function show (session) {
  if (!session) return undefined
  if (!isObject(session) || !isObject(session.cookie)) return session
  const { maxAge = null, httpOnly, path } = session.cookie
  return shown(session, { originalMaxAge: maxAge, httpOnly, path })
}

export async function site ({ store, middleware: { Koa, given } }, { rolling = false, maxAgeMs = null }, { answer, failed }) {
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
  app.use(given({ store, rolling, cookie: { maxAge: maxAgeMs } }))
  app.use(async ctx => {
    const id = ctx.sessionId
    await pages[ctx.path](ctx)
    await new Promise(resolve => answer(ctx.req, resolve))
    ctx.body = { id: ctx.sessionId ?? id, session: ctx.session }
  })
  return { handle: app.callback(), close () {} }
}

/** The id of a session by the key that the store is given. */
export const idOf = key => key?.startsWith(prefix) ? key.slice(prefix.length) : key

const pages = {
  '/look' () {},
  '/visit' ({ session }) { session.views = (session.views ?? 0) + 1 },
  '/put' ({ session, query }) {
    session.cart ??= []
    session.cart.push(query.item)
  },
  async '/login' (ctx) {
    const { cookie, ...held } = ctx.session
    await ctx.regenerateSession()
    Object.assign(ctx.session, held, { user: ctx.query.user })
  },
  '/logout' (ctx) { ctx.session = null }
}
