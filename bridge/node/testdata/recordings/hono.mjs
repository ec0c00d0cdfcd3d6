// The calls that hono-sessions makes on its store, in one situation after the other.
import http from 'node:http'
import { Browser, Recorder, require, slowly } from './recorder.mjs'
import { Situations } from './situations.mjs'

const { Hono } = require('hono')
const { sessionMiddleware } = require('hono-sessions')

async function open (options) {
  const recorder = new Recorder()
  const { kept } = recorder
  const faults = {}
  // The time of the last access differs by some milliseconds, and the id is named.
  const shown = ({ _id: id, ...value }) => ({ ...value, _id: id === undefined ? undefined : recorder.name(id) })
  const put = method => async (id, value) => {
    recorder.note(method, id, shown(value))
    if (faults[method]) throw faults[method]
    kept.set(id, JSON.stringify(value))
  }
  const store = {
    async getSessionById (id) {
      recorder.note('getSessionById', id)
      if (faults.getSessionById) throw faults.getSessionById
      return kept.has(id) ? JSON.parse(kept.get(id)) : null
    },
    createSession: put('createSession'),
    persistSessionData: put('persistSessionData'),
    async deleteSession (id) {
      recorder.note('deleteSession', id)
      kept.delete(id)
    }
  }
  const app = new Hono()
  app.onError((error, c) => c.json({ error: error.message }, 500))
  app.use(sessionMiddleware({ store, expireAfterSeconds: 60, cookieOptions: { path: '/' }, ...options }))
  const page = (path, work) => app.get(path, async c => {
    const session = c.get('session')
    await work(session, c)
    return c.json({ user: session.get('user') })
  })
  page('/look', () => {})
  page('/put', session => session.set('user', 'ann'))
  page('/change', session => session.set('n', (session.get('n') ?? 0) + 1))
  page('/login', (session, c) => {
    session.set('user', 'ben')
    c.set('session_key_rotation', true)
  })
  page('/logout', session => session.deleteSession())
  page('/slow', () => slowly())
  page('/slow-change', async session => {
    await slowly()
    session.set('n', (session.get('n') ?? 0) + 1)
  })
  const server = http.createServer(async (request, response) => {
    const got = await app.fetch(new Request(`http://site${request.url}`, { headers: request.headers }))
    const cookies = got.headers.getSetCookie()
    response.writeHead(got.status, { ...(cookies.length && { 'set-cookie': cookies }) }).end(await got.text())
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return { recorder, faults, server, browser: () => new Browser(server.address().port) }
}

async function run (title, options) {
  const site = await open(options)
  const at = new Situations(title, site)
  await at.arrive()
  await at.each([['session_key_rotation, with data', '/login']])
  await at.leave('deleteSession()')
  await at.together()
  await at.ended((session, at) => ({ ...session, _expire: new Date(at) }))
  await at.failing([['getSessionById rejects', 'getSessionById', '/look'], ['persistSessionData rejects', 'persistSessionData', '/change']])
  site.server.close()
}

await run('autoExtendExpiration as by default, a minute', {})
await run('autoExtendExpiration false', { autoExtendExpiration: false })
await run('without an end', { expireAfterSeconds: undefined })
process.exit()
