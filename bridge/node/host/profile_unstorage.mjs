// Speaks to an unstorage as a session layer does that keeps to its documentation: keys whose characters have no meaning, and a lifetime in whole
// seconds, which some drivers honour.
import { asks, iso, parts, shown } from './promises.mjs'
import { isObject } from './session.mjs'

export const needed = ['getItem', 'setItem', 'removeItem']

export const load = () => ({ given: undefined })

const keyOf = id => `sess:${Buffer.from(id).toString('base64url')}`
const ends = new WeakMap() // by argument

export const methods = {
  get: asks((store, { id }) => store.getItem(keyOf(id)), { results: 2, show }),
  set: asks(async (store, { id, argument }) => {
    if (!ends.has(argument)) return store.setItem(keyOf(id), argument)
    const ttl = Math.ceil((ends.get(argument) - Date.now()) / 1000)
    return ttl <= 0 ? store.removeItem(keyOf(id)) : store.setItem(keyOf(id), argument, { ttl })
  }, { session: true }),
  destroy: asks((store, { id }) => store.removeItem(keyOf(id)))
}

export function build (instance, params) {
  const { members, end, maxAge } = parts(params, [])
  members.cookie = { originalMaxAge: maxAge ?? null, expires: iso(end) }
  if (end !== undefined) ends.set(members, end)
  return members
}

function show (session) {
  if (session === undefined || session === null || session === '') return undefined
  return isObject(session) && isObject(session.cookie) ? shown(session, session.cookie) : session
}
