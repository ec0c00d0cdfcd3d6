// The calls that @fastify/session makes on its store, in one situation after the other.
import { Browser, Recorder, meanwhile, print, require, slowly } from './recorder.mjs'

const fastify = require('fastify')

async function site (options, { faults = {} } = {}) {
  const recorder = new Recorder()
  const { kept } = recorder
  const store = {
    get (id, callback) {
      recorder.note('get', id)
      if (faults.get) return setImmediate(callback, faults.get)
      setImmediate(callback, null, kept.has(id) ? JSON.parse(kept.get(id)) : undefined)
    },
    set (id, session, callback) {
      recorder.note('set', id, session)
      if (faults.set) return setImmediate(callback, faults.set)
      kept.set(id, JSON.stringify(session))
      setImmediate(callback)
    },
    destroy (id, callback) {
      recorder.note('destroy', id)
      if (faults.destroy) return setImmediate(callback, faults.destroy)
      kept.delete(id)
      setImmediate(callback)
    },
    touch (id) { recorder.note('touch', id) }
  }
  const { cookie, ...rest } = options
  const app = fastify()
  app.register(require('@fastify/cookie'))
  app.register(require('@fastify/session'), { store, secret: 'x'.repeat(32), cookie: { secure: false, maxAge: 60_000, ...cookie }, ...rest })
  const page = (path, work) => app.get(path, async request => {
    await work(request)
    return { user: request.session?.user ?? null }
  })
  page('/look', () => {})
  page('/put', ({ session }) => { session.user = 'ann' })
  page('/change', ({ session }) => { session.n = (session.n ?? 0) + 1 })
  page('/save', ({ session }) => {
    session.n = (session.n ?? 0) + 1
    return session.save()
  })
  page('/reload', ({ session }) => session.reload())
  page('/regenerate', ({ session }) => session.regenerate())
  page('/login', async request => {
    await request.session.regenerate()
    request.session.user = 'ann'
  })
  page('/keep', ({ session }) => session.regenerate(['user']))
  page('/logout', ({ session }) => session.destroy())
  page('/longer', ({ session }) => session.options({ maxAge: 120_000 }))
  page('/slow', () => slowly())
  page('/slow-change', async ({ session }) => {
    await slowly()
    session.n = (session.n ?? 0) + 1
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { recorder, faults, app, browser: () => new Browser(app.server.address().port) }
}

async function run (title, options) {
  console.log(`\n# ${title}`)
  const at = await site(options)
  const one = async (situation, path, browser) => {
    const answer = await browser.get(path)
    print(situation, at.recorder.taken(), answer)
  }
  const visitor = async () => {
    const browser = at.browser()
    await browser.get('/put')
    at.recorder.calls.length = 0
    at.recorder.names.clear()
    return browser
  }
  await one('new visitor, nothing is done', '/look', at.browser())
  at.recorder.names.clear()
  await one('new visitor, data', '/put', at.browser())
  await one('read', '/look', await visitor())
  await one('changed', '/change', await visitor())
  await one('save() in the handler', '/save', await visitor())
  await one('reload()', '/reload', await visitor())
  await one('regenerate()', '/regenerate', await visitor())
  await one('regenerate(), then data', '/login', await visitor())
  await one("regenerate(['user'])", '/keep', await visitor())
  await one('options({maxAge})', '/longer', await visitor())
  const out = await visitor()
  await one('destroy()', '/logout', out)
  await one('the page after it', '/look', out)
  at.recorder.names.clear()
  await one('destroy() of a new session', '/logout', at.browser())
  const strange = at.browser()
  strange.jar.set('sessionId', 'unsigned')
  at.recorder.names.clear()
  await one('a cookie that is not signed', '/look', strange)
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
  for (const [id, text] of at.recorder.kept) {
    const session = JSON.parse(text)
    session.cookie.expires = new Date(Date.now() - 10_000)
    at.recorder.kept.set(id, JSON.stringify(session))
  }
  await one('the store answers with a session that has ended', '/look', gone)
  const missing = await visitor()
  at.faults.get = Object.assign(new Error('away'), { code: 'ENOENT' })
  await one('get fails with ENOENT', '/look', missing)
  at.faults.get = new Error('away')
  await one('get fails', '/look', await visitor())
  delete at.faults.get
  const failing = await visitor()
  at.faults.set = new Error('away')
  await one('set fails', '/change', failing)
  await at.app.close()
}

await run('rolling and saveUninitialized as by default', {})
await run('both false', { rolling: false, saveUninitialized: false })
await run('both false, no maxAge', { rolling: false, saveUninitialized: false, cookie: { maxAge: undefined } })
process.exit()
