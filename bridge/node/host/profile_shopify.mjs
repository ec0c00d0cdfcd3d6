// Speaks to a SessionStorage as the packages of Shopify do. A Session has its members for good: what the suite sets is carried by scope, and the others
// follow from it, so that what comes back is compared member by member.
import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { real } from './load.mjs'
import { asks, iso, parts, shown } from './promises.mjs'
import { isObject, own } from './session.mjs'
import { cannot } from './wire.mjs'

export const needed = ['storeSession', 'loadSession', 'deleteSession', 'deleteSessions', 'findSessionsByShop']

/** The methods of the storage that a method of the suite is made of, where it has another name. */
export const madeOf = { get: ['loadSession'], set: ['storeSession'], destroy: ['deleteSession'], all: ['findSessionsByShop'], clear: ['findSessionsByShop', 'deleteSessions'] }

/** A Session carries no member of an application. */
export const features = { expressions: false }

const shop = 'storecheck.myshopify.com'
const neighbours = { neighbour: 'my-storecheck.myshopify.com', 'other neighbour': 'storecheck-2.myshopify.com' }
const offline = ['offline', 'refreshable', 'refused']
const longest = 1024 // characters of a scope, as the tables of the storages for databases have it

let Session

export function load (folder, fallback) {
  const given = real('@shopify/shopify-api', folder, fallback, found => typeof found?.Session === 'function', 'Session')
  Session = given.Session
  return { given }
}

const hashOf = text => createHash('sha256').update(text).digest('hex').slice(0, 40)

// The id and the shop of a Session, for the hash of an id of the suite.
function placeOf (hash, form) {
  const userId = Number.parseInt(hash.slice(0, 12), 16)
  if (offline.includes(form)) {
    const own = `shop-${hash.slice(0, 16)}.myshopify.com`
    return { shop: own, id: `offline_${own}` }
  }
  if (form === 'uuid') return { shop, userId, id: hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5') }
  const of = neighbours[form] ?? shop
  return { shop: of, userId, id: `${of}_${userId}` }
}

// A Session as the middleware makes it when somebody authorizes the app. All but expires follows from the scope.
function sessionOf (scope, end, { idHash, form }) {
  const hash = hashOf(scope)
  const { userId, ...place } = placeOf(idHash, form)
  const expires = end === undefined ? {} : { expires: new Date(end) }
  if (offline.includes(form)) {
    const refresh = form === 'offline' ? {} : { refreshToken: `shprt_${hash.slice(24)}`, refreshTokenExpires: new Date(Date.UTC(2031, 0, 1) + Number.parseInt(hash.slice(0, 4), 16) * 1000) }
    return new Session({ ...place, state: '', isOnline: false, accessToken: `shpat_${hash.slice(0, 32)}`, scope, ...expires, ...refresh })
  }
  const [first, last] = form === 'names' ? ['Zoë 😀', 'Öztürk-İnan "中" O\'Hara'] : ['Ada', 'Byron']
  const user = {
    id: userId, first_name: first, last_name: last, email: `u${hash.slice(0, 8)}@example.com`, account_owner: hash < '8', locale: 'en', collaborator: hash >= 'c', email_verified: true
  }
  const onlineAccessInfo = { expires_in: 86399, associated_user_scope: 'read_products', associated_user: user }
  const state = String(Number.parseInt(hash.slice(0, 12), 16)).padStart(15, '0')
  return new Session({ ...place, state, isOnline: true, accessToken: `shpua_${hash.slice(0, 32)}`, scope, onlineAccessInfo, ...expires })
}

export function build (instance, params) {
  if (params.expression) throw cannot('a Session of @shopify/shopify-api has no members of an application')
  const { members, end } = parts(params, [])
  const carried = { idHash: hashOf(params.id), form: params.form, members }
  const scope = deflateRawSync(JSON.stringify(carried)).toString('base64url')
  if (scope.length > longest) throw cannot(`the scope of a Session has at most ${longest} characters, and this session needs ${scope.length}`)
  return sessionOf(scope, end, carried)
}

function carriedBy (scope) {
  try {
    return JSON.parse(inflateRawSync(Buffer.from(scope, 'base64url')))
  } catch {
    return undefined
  }
}

// What the application has of a Session. One that has ended is not active to it.
function view (session, { form, ended } = {}) {
  if (!isObject(session) || typeof session.isActive !== 'function' || typeof session.toPropertyArray !== 'function') return session
  const { expires } = session
  const carried = carriedBy(session.scope)
  if (!carried || expires && typeof expires.getTime !== 'function') return { ...session }
  if (expires && !ended && !(Date.now() < expires.getTime())) return undefined
  const wanted = sessionOf(session.scope, expires?.getTime(), carried)
  if (form === 'refused') wanted.accessToken = undefined
  const [was, is] = [wanted, session].map(one => new Map(one.toPropertyArray(true)))
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const near = name === 'refreshTokenExpires' && Math.abs(was.get(name) - is.get(name)) < 1000
    if (was.get(name) !== is.get(name) && !near) own(carried.members, `Session.${name}`, is.get(name) ?? null)
  }
  return shown(carried.members, { originalMaxAge: null, expires: iso(expires?.getTime()) })
}

async function loadOne (store, { id, form = '' }) {
  const kept = form.startsWith('ended')
  const found = await store.loadSession(placeOf(hashOf(id), kept ? 'refreshable' : form).id)
  return found ? view(found, { form, ended: kept }) : undefined
}

// Of what it finds the middleware takes the ids.
async function uninstall (store) {
  const found = await store.findSessionsByShop(shop)
  if (found.length > 0) await store.deleteSessions(found.map(session => session.id))
}

// A token that Shopify has refused: the Session that was loaded is stored without it.
async function refuse (store, { id }) {
  const session = await store.loadSession(placeOf(hashOf(id), 'refused').id)
  session.accessToken = undefined
  await store.storeSession(session)
}

export const methods = {
  get: asks(loadOne, { results: 2 }),
  set: asks((store, call) => call.form === 'refused' ? refuse(store, call) : store.storeSession(call.argument), { session: true }),
  destroy: asks((store, { id, form }) => store.deleteSession(placeOf(hashOf(id), form).id)),
  all: asks(async store => {
    const found = await store.findSessionsByShop(shop)
    return Array.isArray(found) ? found.map(one => view(one)).filter(one => one !== undefined) : found
  }, { results: 2 }),
  clear: asks(uninstall)
}
