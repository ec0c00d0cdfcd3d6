// The calls that koa-session makes on its external store, in one situation after the other.
import { Browser, Recorder, meanwhile, print, require, slowly } from './recorder.mjs'

const Koa = require('koa')
const session = require('koa-session').default ?? require('koa-session')

async function site (options) {
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
    ['read', '/look'], ['changed', '/change'], ['save() in the handler', '/save'], ['regenerate()', '/regenerate'], ['regenerate(), then data', '/login'],
    ['session = {…}', '/replace'], ['session.maxAge =', '/longer']
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
  const gone = await visitor()
  for (const [key, text] of at.recorder.kept) at.recorder.kept.set(key, JSON.stringify({ ...JSON.parse(text), _expire: Date.now() - 10_000 }))
  await one('the store answers with a session that has ended', '/look', gone)
  const failing = await visitor()
  at.faults.get = Object.assign(new Error('away'), { code: 'ENOENT' })
  await one('get rejects with ENOENT', '/look', failing)
  delete at.faults.get
  at.faults.set = new Error('away')
  await one('set rejects', '/change', failing)
  at.server.close()
}

await run('as by default, maxAge a minute', {})
await run('rolling', { rolling: true })
await run("maxAge 'session'", { maxAge: 'session' })
process.exit()
