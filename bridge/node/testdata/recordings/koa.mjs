// The calls that koa-session makes on its external store, in one situation after the other.
import { Browser, Recorder, require, slowly } from './recorder.mjs'
import { Situations } from './situations.mjs'

const Koa = require('koa')
const session = require('koa-session').default ?? require('koa-session')

async function open (options) {
  const recorder = new Recorder()
  const { kept } = recorder
  const faults = {}
  const bare = ({ ctx, ...rest }) => rest
  const store = {
    async get (key, maxAge, more) {
      recorder.note('get', key, maxAge, bare(more))
      if (faults.get) throw faults.get
      return kept.has(key) ? JSON.parse(kept.get(key)) : undefined
    },
    async set (key, value, maxAge, more) {
      recorder.note('set', key, value, maxAge, bare(more))
      if (faults.set) throw faults.set
      kept.set(key, JSON.stringify(value))
    },
    async destroy (key, more) {
      recorder.note('destroy', key, bare(more))
      if (faults.destroy) throw faults.destroy
      kept.delete(key)
    },
    touch (key) { recorder.note('touch', key) }
  }
  const app = new Koa()
  app.keys = ['x'.repeat(32)]
  app.silent = true
  app.use(session({ store, maxAge: 60_000, ...options }, app))
  const pages = {
    '/look' () {},
    '/put' (ctx) { ctx.session.user = 'ann' },
    '/change' (ctx) { ctx.session.n = (ctx.session.n ?? 0) + 1 },
    '/save' (ctx) {
      ctx.session.n = (ctx.session.n ?? 0) + 1
      return ctx.session.save()
    },
    '/regenerate': ctx => ctx.session.regenerate(),
    async '/login' (ctx) {
      await ctx.session.regenerate()
      ctx.session.user = 'ben'
    },
    '/logout' (ctx) { ctx.session = null },
    '/replace' (ctx) { ctx.session = { user: 'ben' } },
    '/longer' (ctx) { ctx.session.maxAge = 120_000 },
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
    ['save() in the handler', '/save'], ['regenerate()', '/regenerate'], ['regenerate(), then data', '/login'], ['session = {…}', '/replace'],
    ['session.maxAge =', '/longer']
  ])
  await at.leave('session = null')
  await at.together()
  await at.ended((session, _expire) => ({ ...session, _expire }))
  await at.failing([['get rejects with ENOENT', 'get', '/look', 'ENOENT'], ['set rejects', 'set', '/change']])
  site.server.close()
}

await run('as by default, maxAge a minute', {})
await run('rolling', { rolling: true })
await run("maxAge 'session'", { maxAge: 'session' })
process.exit()
