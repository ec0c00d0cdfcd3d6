// The calls that koa-generic-session makes on its store, in one situation after the other.
import { Browser, Recorder, meanwhile, print, require, slowly } from './recorder.mjs'

const Koa = require('koa')
const session = require('koa-generic-session')

async function site ({ cookie, ...options }) {
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
  console.log(`\n# ${title}`)
  const at = await site(options)
  const one = async (situation, path, browser) => {
    const answer = await browser.get(path)
    print(situation, at.recorder.taken(), answer)
  }
  const fresh = () => {
    at.recorder.calls.length = 0
    at.recorder.names.clear()
  }
  const visitor = async () => {
    const browser = at.browser()
    await browser.get('/put')
    fresh()
    return browser
  }
  await one('new visitor, nothing is done', '/look', at.browser())
  fresh()
  await one('new visitor, data', '/put', at.browser())
  for (const [situation, path] of [
    ['read', '/look'], ['changed', '/change'], ['cookie.maxAge =', '/cookie'], ['cookie.expires =', '/expires'], ['saveSession() in the handler', '/save'],
    ['regenerateSession()', '/regenerate'], ['regenerateSession(), then data', '/login']
  ]) await one(situation, path, await visitor())
  const out = await visitor()
  await one('session = null', '/logout', out)
  await one('the page after it', '/look', out)
  fresh()
  await one('session = null of a new visitor', '/logout', at.browser())
  for (const [situation, slow, quick] of [
    ['a slow page reads, another logs out', '/slow', '/logout'], ['a slow page changes, another logs out', '/slow-change', '/logout'], ['two pages change', '/slow-change', '/change']
  ]) {
    const first = await visitor()
    await meanwhile(first, slow, quick)
    print(situation, at.recorder.taken())
    print('the page after it', [], await first.get('/look'))
    at.recorder.taken()
  }
  const failing = await visitor()
  at.faults.get = Object.assign(new Error('away'), { code: 'ENOENT' })
  await one('get rejects with ENOENT', '/look', failing)
  at.faults.get = new Error('away')
  await one('get rejects', '/look', await visitor())
  delete at.faults.get
  const unsaved = await visitor()
  at.faults.set = new Error('away')
  await one('set rejects', '/change', unsaved)
  at.server.close()
}

await run('as by default, maxAge a minute', {})
await run('rolling', { rolling: true })
await run('maxAge null', { cookie: { maxAge: null } })
process.exit()
