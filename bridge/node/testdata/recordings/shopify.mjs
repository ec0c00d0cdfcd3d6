// The calls that shopify-app-express makes on its SessionStorage, in one situation after the other. The platform is answered for here.
import http from 'node:http'
import { createHmac } from 'node:crypto'
import { Recorder, require } from './recorder.mjs'

const shop = 'one.myshopify.com'
const secret = 'a secret that the app and the platform share'
const platform = { refuses: false, tokens: 0 }

// The packages take fetch when they are loaded.
globalThis.fetch = async (url, { body } = {}) => {
  const asked = body ? JSON.parse(body) : {}
  const send = (status, value) => new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } })
  if (!String(url).endsWith('/access_token')) return platform.refuses ? send(401, { errors: 'refused' }) : send(200, { data: { shop: { name: 'One' } } })
  if (platform.refuses) return send(401, { error: 'refused' })
  const token = { access_token: `token${++platform.tokens}`, scope: 'read_products' }
  if (asked.requested_token_type?.includes('online-access')) {
    const user = { id: 7, first_name: 'Ada', last_name: 'Byron', email: 'ada@example.com', account_owner: true, locale: 'en', collaborator: false, email_verified: true }
    return send(200, { ...token, expires_in: 86400, associated_user_scope: 'read_products', associated_user: user })
  }
  return send(200, asked.expiring === '1' || asked.refresh_token ? { ...token, expires_in: 3600, refresh_token: `refresh${platform.tokens}`, refresh_token_expires_in: 7_776_000 } : token)
}

const express = require('express')
const { shopifyApp } = require('@shopify/shopify-app-express')
const { ApiVersion, DeliveryMethod, LogSeverity, Session } = require('@shopify/shopify-api')

const base64url = value => Buffer.from(value).toString('base64url')
const sign = (text, encoding) => createHmac('sha256', secret).update(text).digest(encoding)

function sessionToken () {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: `https://${shop}/admin`, dest: `https://${shop}`, aud: 'key', sub: '7', exp: now + 60, nbf: now - 5, iat: now - 5, jti: 'j', sid: 's' }
  const text = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(JSON.stringify(claims))}`
  return `${text}.${sign(text, 'base64url')}`
}

async function site ({ future = {}, ...options }) {
  const recorder = new Recorder()
  const { kept } = recorder
  recorder.name = id => JSON.stringify(id)
  const faults = {}
  const asked = (method, answer) => async value => {
    recorder.note(method, ...value instanceof Session ? [value.id, { ...value, ...(value.state && { state: 'nonce' }) }, value.constructor.name] : [value])
    if (faults[method]) throw faults[method]
    return answer(value)
  }
  const load = id => kept.has(id) ? Session.fromPropertyArray(JSON.parse(kept.get(id)), true) : undefined
  const sessionStorage = {
    storeSession: asked('storeSession', session => { kept.set(session.id, JSON.stringify(session.toPropertyArray(true))) }),
    loadSession: asked('loadSession', id => faults.plain ? { ...load(id) } : load(id)),
    deleteSession: asked('deleteSession', id => kept.delete(id)),
    deleteSessions: asked('deleteSessions', ids => ids.forEach(id => kept.delete(id))),
    findSessionsByShop: asked('findSessionsByShop', of => faults.found === undefined ? [...kept.keys()].map(load).filter(session => session.shop === of) : faults.found())
  }
  const shopify = shopifyApp({
    api: {
      apiKey: 'key', apiSecretKey: secret, scopes: ['read_products'], hostName: 'app.example.com', hostScheme: 'https', apiVersion: Object.values(ApiVersion).at(-1),
      isEmbeddedApp: true, logger: { level: LogSeverity.Error, log: () => {} }
    },
    auth: { path: '/auth', callbackPath: '/auth/callback' },
    webhooks: { path: '/webhooks' },
    sessionStorage,
    future,
    ...options
  })
  const app = express()
  app.post('/webhooks', shopify.processWebhooks({ webhookHandlers: { OTHER: { deliveryMethod: DeliveryMethod.Http, callbackUrl: '/webhooks', callback: async () => {} } } }))
  app.get('/auth', shopify.auth.begin())
  app.get('/auth/callback', shopify.auth.callback(), (request, response) => response.send('done'))
  app.get('/api', shopify.validateAuthenticatedSession(), (request, response) => response.send('ok'))
  app.get('/offline', async (request, response) => response.send(await shopify.ensureValidOfflineSession(shop) ? 'ok' : 'none'))
  app.get('/home', shopify.ensureInstalledOnShop(), (request, response) => response.send('home'))
  app.use((error, request, response, next) => response.status(500).send(error.message))
  const server = http.createServer(app)
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return { recorder, faults, kept, server, load }
}

function fetched (port, path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', path, method, agent: false, headers }, response => {
      let text = ''
      response.on('data', chunk => { text += chunk })
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
    })
    request.on('error', reject)
    request.setTimeout(20_000, () => {
      request.destroy()
      resolve({ status: 'hangs', text: '' })
    })
    request.end(body)
  })
}

// What the visitor gets: the status, and the text of an error.
async function ask (...request) {
  const { status, text } = await fetched(...request)
  return `${status}${status >= 400 && text && text.length < 60 ? `, ${text}` : ''}`
}

const api = at => ask(at.server.address().port, '/api', { headers: { authorization: `Bearer ${sessionToken()}` } })
const home = at => ask(at.server.address().port, `/home?shop=${shop}&host=${base64url(`${shop}/admin`)}&embedded=1`)

function uninstalled (at) {
  const body = '{"id":1}'
  const headers = {
    'content-type': 'application/json', 'x-shopify-topic': 'app/uninstalled', 'x-shopify-shop-domain': shop, 'x-shopify-hmac-sha256': sign(body, 'base64'), 'x-shopify-api-version': '2026-01',
    'x-shopify-webhook-id': 'w'
  }
  return ask(at.server.address().port, '/webhooks', { method: 'POST', headers, body })
}

// The owner of the shop is sent to the platform, and comes back with a code.
async function callback (at) {
  const { port } = at.server.address()
  const begun = await fetched(port, `/auth?shop=${shop}`)
  const state = new URL(begun.headers.location).searchParams.get('state')
  const query = { code: 'c', host: base64url(`${shop}/admin`), shop, state, timestamp: String(Math.floor(Date.now() / 1000)) }
  const text = new URLSearchParams(query).toString()
  return ask(port, `/auth/callback?${text}&hmac=${sign(text, 'hex')}`, { headers: { cookie: begun.headers['set-cookie'].map(line => line.split(';')[0]).join('; ') } })
}

// What the middleware leaves behind in the background ends no recording.
process.on('unhandledRejection', error => console.log(`  unhandled: ${error.message}`))

async function run (title, options, situations) {
  console.log(`\n# ${title}`)
  platform.tokens = 0
  const at = await site(options)
  for (const [situation, act, before = () => {}] of situations) {
    await before(at)
    const answer = await act(at)
    console.log(`\n${situation}`)
    for (const call of at.recorder.taken()) console.log(`  ${call}`)
    console.log(`  visitor: ${answer}`)
    platform.refuses = false
    for (const name of Object.keys(at.faults)) delete at.faults[name]
  }
  at.server.close()
}

const id = `offline_${shop}`
const end = (at, of, member = 'expires') => at.kept.set(of, JSON.stringify([...at.load(of).toPropertyArray(true).filter(([name]) => name !== member), [member, Date.now() - 10_000]]))
const away = (at, method) => { at.faults[method] = new Error('away') }
const leaving = [
  ['the shop uninstalls the app', uninstalled], ['the platform says so once more', uninstalled], ['and once more: findSessionsByShop rejects', uninstalled, at => away(at, 'findSessionsByShop')],
  ['and once more: findSessionsByShop answers undefined', uninstalled, at => { at.faults.found = () => undefined }]
]

await run('the code flow, offline tokens', {}, [
  ['a request of a shop that has not installed the app', api], ['its home page', home], ['the callback of the authorization', callback], ['a request', api], ['the home page', home],
  ['a request whose token is refused', api, () => { platform.refuses = true }], ['loadSession rejects', api, at => away(at, 'loadSession')],
  ['loadSession answers with a plain object', api, at => { at.faults.plain = true }], ['the callback: storeSession rejects', callback, at => away(at, 'storeSession')], ...leaving
])
await run('token exchange, offline tokens', { future: { tokenExchange: true } }, [
  ['the first request', api], ['a request', api], ['the home page', home], ['loadSession rejects', api, at => away(at, 'loadSession')], ...leaving
])
await run('token exchange, online tokens', { future: { tokenExchange: true }, useOnlineTokens: true }, [
  ['the first request', api], ['a request', api], ['the token has ended', api, at => end(at, `${shop}_7`)],
  ['the token has ended, and the platform refuses', api, at => {
    end(at, `${shop}_7`)
    platform.refuses = true
  }],
  ['a request after it', api], ...leaving
])
await run('offline tokens that end', { future: { tokenExchange: true, expiringOfflineAccessTokens: true } }, [
  ['the first request', api], ['a request', api], ['the token has ended, in the background', at => ask(at.server.address().port, '/offline'), at => end(at, id)],
  ['the token has ended, in a request', api, at => end(at, id)], ...leaving
])
process.exit()
