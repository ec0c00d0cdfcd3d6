// The calls that @mgcrea/fastify-session makes on its store, in one situation after the other.
import { Browser, Recorder, require, slowly } from './recorder.mjs'
import { Situations } from './situations.mjs'

const fastify = require('fastify')
const file = require.resolve('@mgcrea/fastify-session')

async function open ({ cookie, touchless, ...options }) {
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
  const site = await open(options)
  const at = new Situations(title, site)
  await at.arrive()
  await at.each([['changed in place', '/mutate'], ['save() in the handler', '/save']])
  await at.leave('destroySession()')
  await at.together()
  await at.ended(([data], at) => [data, at])
  await at.failing([
    ['get rejects', 'get', '/look'], ['touch rejects', 'touch', '/look'], ['set rejects', 'set', '/change'], ['destroy rejects', 'destroy', '/logout']
  ])
  await site.app.close()
}

await run('saveUninitialized as by default, maxAge a minute', {})
await run('saveUninitialized false', { saveUninitialized: false })
await run('saveUninitialized false, no maxAge', { saveUninitialized: false, cookie: { maxAge: undefined } })
await run('saveUninitialized false, a store without touch', { saveUninitialized: false, touchless: true })
process.exit()
