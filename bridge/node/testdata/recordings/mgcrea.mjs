// The calls that @mgcrea/fastify-session makes on its store, in one situation after the other.
import { Browser, Recorder, meanwhile, print, require, slowly } from './recorder.mjs'

const fastify = require('fastify')
const file = require.resolve('@mgcrea/fastify-session')

async function site ({ cookie, touchless, ...options }) {
  const recorder = new Recorder()
  const { kept } = recorder
  const faults = {}
  const store = {
    async get (id, ...rest) {
      recorder.note('get', id, ...rest)
      if (faults.get) throw faults.get
      return kept.has(id) ? JSON.parse(kept.get(id)) : null
    },
    async set (id, data, expiry, ...rest) {
      recorder.note('set', id, data, expiry, ...rest)
      if (faults.set) throw faults.set
      kept.set(id, JSON.stringify([data, expiry]))
    },
    async destroy (id, ...rest) {
      recorder.note('destroy', id, ...rest)
      if (faults.destroy) throw faults.destroy
      kept.delete(id)
    }
  }
  if (!touchless) {
    store.touch = async (id, expiry, ...rest) => {
      recorder.note('touch', id, expiry, ...rest)
      if (faults.touch) throw faults.touch
      if (kept.has(id)) kept.set(id, JSON.stringify([JSON.parse(kept.get(id))[0], expiry]))
    }
  }
  delete require.cache[file] // it keeps the settings of one site in its module
  const app = fastify()
  app.register(require('@fastify/cookie'))
  app.register(require(file).default, { store, secret: 'x'.repeat(32), cookie: { secure: false, maxAge: 60, ...cookie }, ...options })
  const page = (path, work) => app.get(path, async request => {
    await work(request)
    return { user: request.session?.get('user') ?? null }
  })
  page('/look', () => {})
  page('/put', ({ session }) => session.set('user', 'ann'))
  page('/change', ({ session }) => session.set('n', (session.get('n') ?? 0) + 1))
  page('/mutate', ({ session }) => { session.data.n = 1 })
  page('/save', ({ session }) => {
    session.set('n', 1)
    return session.save()
  })
  page('/logout', request => request.destroySession())
  page('/slow', () => slowly())
  page('/slow-change', async ({ session }) => {
    await slowly()
    session.set('n', (session.get('n') ?? 0) + 1)
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
  for (const [situation, path] of [['read', '/look'], ['changed', '/change'], ['changed in place', '/mutate'], ['save() in the handler', '/save']]) await one(situation, path, await visitor())
  const out = await visitor()
  await one('destroySession()', '/logout', out)
  await one('the page after it', '/look', out)
  fresh()
  await one('destroySession() of a new visitor', '/logout', at.browser())
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
  for (const [id, text] of at.recorder.kept) at.recorder.kept.set(id, JSON.stringify([JSON.parse(text)[0], Date.now() - 10_000]))
  await one('the store answers with a session that has ended', '/look', gone)
  for (const [situation, method, path] of [['get rejects', 'get', '/look'], ['touch rejects', 'touch', '/look'], ['set rejects', 'set', '/change'], ['destroy rejects', 'destroy', '/logout']]) {
    const browser = await visitor()
    at.faults[method] = new Error('away')
    await one(situation, path, browser)
    delete at.faults[method]
  }
  await at.app.close()
}

await run('saveUninitialized as by default, maxAge a minute', {})
await run('saveUninitialized false', { saveUninitialized: false })
await run('saveUninitialized false, no maxAge', { saveUninitialized: false, cookie: { maxAge: undefined } })
await run('saveUninitialized false, a store without touch', { saveUninitialized: false, touchless: true })
process.exit()
