// The calls that hono-sessions makes on its store, in one situation after the other.
import http from 'node:http'
import { Browser, Recorder, print, require, wait } from './recorder.mjs'

const { Hono } = require('hono')
const { sessionMiddleware } = require('hono-sessions')

async function site (options) {
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
  page('/slow', () => wait(150))
  page('/slow-change', async session => {
    await wait(150)
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
  for (const [situation, path] of [['read', '/look'], ['changed', '/change'], ['session_key_rotation, with data', '/login']]) await one(situation, path, await visitor())
  const out = await visitor()
  await one('deleteSession()', '/logout', out)
  await one('the page after it', '/look', out)
  fresh()
  await one('deleteSession() of a new visitor', '/logout', at.browser())
  for (const [situation, slow, quick] of [
    ['a slow page reads, another logs out', '/slow', '/logout'], ['a slow page changes, another logs out', '/slow-change', '/logout'], ['two pages change', '/slow-change', '/change']
  ]) {
    const first = await visitor()
    const pending = first.get(slow)
    await wait(50)
    await first.get(quick)
    await pending
    print(situation, at.recorder.taken())
    print('the page after it', [], await first.get('/look'))
    at.recorder.taken()
  }
  const gone = await visitor()
  for (const [id, text] of at.recorder.kept) at.recorder.kept.set(id, JSON.stringify({ ...JSON.parse(text), _expire: new Date(Date.now() - 10_000) }))
  await one('the store answers with a session that has ended', '/look', gone)
  for (const [situation, method, path] of [['getSessionById rejects', 'getSessionById', '/look'], ['persistSessionData rejects', 'persistSessionData', '/change']]) {
    const browser = await visitor()
    at.faults[method] = new Error('away')
    await one(situation, path, browser)
    delete at.faults[method]
  }
  at.server.close()
}

await run('autoExtendExpiration as by default, a minute', {})
await run('autoExtendExpiration false', { autoExtendExpiration: false })
await run('without an end', { expireAfterSeconds: undefined })
process.exit()
