// The calls that koa-generic-session makes on its store, in one situation after the other.
import { Browser, Recorder, require, slowly } from './recorder.mjs'
import { Situations } from './situations.mjs'

const Koa = require('koa')
const session = require('koa-generic-session')

async function open ({ cookie, ...options }) {
  const recorder = new Recorder()
  const { kept } = recorder
  const faults = {}
  // What is left of a life differs by some milliseconds.
  const rounded = ttl => typeof ttl === 'number' ? Math.round(ttl / 1000) * 1000 : ttl
  const store = {
    async get (key, ...rest) {
      recorder.note('get', key, ...rest)
      if (faults.get) throw faults.get
      return kept.has(key) ? JSON.parse(kept.get(key)) : undefined
    },
    async set (key, value, ttl, ...rest) {
      recorder.note('set', key, value, rounded(ttl), ...rest)
      if (faults.set) throw faults.set
      kept.set(key, JSON.stringify(value))
    },
    async destroy (key, ...rest) {
      recorder.note('destroy', key, ...rest)
      kept.delete(key)
    },
    touch (key) { recorder.note('touch', key) }
  }
  const app = new Koa()
  app.keys = ['x'.repeat(32)]
  app.silent = true
  app.use(session({ store, cookie: { maxAge: 60_000, ...cookie }, ...options }))
  const pages = {
    '/look' () {},
    '/put' (ctx) { ctx.session.user = 'ann' },
    '/change' (ctx) { ctx.session.n = (ctx.session.n ?? 0) + 1 },
    '/cookie' (ctx) { ctx.session.cookie.maxAge = 120_000 },
    '/expires' (ctx) { ctx.session.cookie.expires = new Date(Date.now() + 90_000) },
    '/save' (ctx) {
      ctx.session.n = (ctx.session.n ?? 0) + 1
      return ctx.saveSession()
    },
    '/regenerate': ctx => ctx.regenerateSession(),
    async '/login' (ctx) {
      await ctx.regenerateSession()
      ctx.session.user = 'ben'
    },
    '/logout' (ctx) { ctx.session = null },
    '/slow': () => slowly(),
    async '/slow-change' (ctx) {
      await slowly()
      ctx.session.n = (ctx.session.n ?? 0) + 1
    }
  }
  app.use(async ctx => {
    await pages[ctx.path](ctx)
    ctx.body = { user: ctx.session?.user ?? null }
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise(resolve => server.on('listening', resolve))
  return { recorder, faults, server, browser: () => new Browser(server.address().port) }
}

async function run (title, options) {
  const site = await open(options)
  const at = new Situations(title, site)
  await at.arrive()
  await at.each([
    ['cookie.maxAge =', '/cookie'], ['cookie.expires =', '/expires'], ['saveSession() in the handler', '/save'], ['regenerateSession()', '/regenerate'],
    ['regenerateSession(), then data', '/login']
  ])
  await at.leave('session = null')
  await at.together()
  await at.failing([['get rejects with ENOENT', 'get', '/look', 'ENOENT'], ['get rejects', 'get', '/look'], ['set rejects', 'set', '/change']])
  site.server.close()
}

await run('as by default, maxAge a minute', {})
await run('rolling', { rolling: true })
await run('maxAge null', { cookie: { maxAge: null } })
process.exit()
