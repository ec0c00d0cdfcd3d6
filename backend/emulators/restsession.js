'use strict'
// A service as the readme of restsession describes it. What that leaves open is as good as can be: a session ends with its cookie, and ?ping, which
// is "able to update any existing expire times", gives a session that is there another cookie.
const http = require('http')

const collections = new Map() // of Maps from ids to sessions

const hasEnded = ({ cookie }) => cookie && cookie.expires && Date.parse(cookie.expires) <= Date.now()

function living (sessions, id) {
  const session = sessions.get(id)
  if (session && hasEnded(session)) sessions.delete(id)
  return sessions.get(id)
}

function answer (method, { collection, id, rest, ping }, body) {
  if (rest.length > 0) return undefined // nothing is served below a session
  if (!collections.has(collection)) collections.set(collection, new Map())
  const sessions = collections.get(collection)
  const ok = { status: 'OK' }
  if (method === 'GET' && id === undefined) return [...sessions.keys()].map((id) => living(sessions, id)).filter(Boolean)
  if (method === 'GET') return living(sessions, id)
  if (method === 'DELETE') {
    if (id === undefined) sessions.clear()
    else sessions.delete(id)
    return ok
  }
  if (method !== 'POST' || id === undefined) return undefined
  const session = JSON.parse(body)
  if (!ping) sessions.set(id, session)
  else if (living(sessions, id)) sessions.set(id, { ...sessions.get(id), cookie: session.cookie })
  return session
}

function place (url) {
  const [path, query] = url.split('?')
  const [collection, id, ...rest] = path.split('/').slice(1).map(decodeURIComponent)
  return { collection, id, rest, ping: query === 'ping' }
}

module.exports = ({ port }) => http.createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    let found
    try {
      found = answer(request.method, place(request.url), Buffer.concat(chunks).toString())
    } catch (err) {
      response.statusCode = 400
      return response.end(err.message)
    }
    if (found === undefined) response.statusCode = 404
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(found === undefined ? { status: 'missing' } : found))
  })
}).listen(port)
