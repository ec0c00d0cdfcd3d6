// The calls that @fastify/session makes on its store, in one situation after the other.
import { Browser, Recorder, require, slowly } from './recorder.mjs'
import { Situations } from './situations.mjs'

const fastify = require('fastify')

async function open (options, { faults = {} } = {}) {
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
  const site = await open(options)
  const at = new Situations(title, site)
  await at.arrive()
  await at.each([
    ['save() in the handler', '/save'], ['reload()', '/reload'], ['regenerate()', '/regenerate'], ['regenerate(), then data', '/login'],
    ["regenerate(['user'])", '/keep'], ['options({maxAge})', '/longer']
  ])
  await at.leave('destroy()')
  const strange = at.newcomer()
  strange.jar.set('sessionId', 'unsigned')
  await at.page('a cookie that is not signed', '/look', strange)
  await at.together()
  await at.ended((session, at) => ({ ...session, cookie: { ...session.cookie, expires: new Date(at) } }))
  await at.failing([['get fails with ENOENT', 'get', '/look', 'ENOENT'], ['get fails', 'get', '/look'], ['set fails', 'set', '/change']])
  await site.app.close()
}

await run('rolling and saveUninitialized as by default', {})
await run('both false', { rolling: false, saveUninitialized: false })
await run('both false, no maxAge', { rolling: false, saveUninitialized: false, cookie: { maxAge: undefined } })
process.exit()
