// Speaks to a Keyv as a session layer does that keeps to its documentation: a lifetime in milliseconds with each set, and a false is a failure.
import { asks, iso, parts, shown } from './promises.mjs'
import { isObject } from './session.mjs'

export const needed = ['get', 'set', 'delete']

export const load = () => ({ given: undefined })

const ends = new WeakMap() // by argument

export const methods = {
  get: asks((store, { id }) => store.get(id), { results: 2, show }),
  set: asks(async (store, { id, argument }) => {
    const left = ends.has(argument) ? Math.ceil(ends.get(argument) - Date.now()) : undefined
    // A lifetime of 0 is none to Keyv, and what is below differs from version to version: what is over is deleted.
    if (left <= 0) return void await store.delete(id)
    if (await store.set(id, argument, left) === false) throw new Error('set answered false')
  }, { session: true }),
  destroy: asks(async (store, { id }) => { await store.delete(id) })
}

export function build (instance, params) {
  const { members, end, maxAge } = parts(params, [])
  members.cookie = { originalMaxAge: maxAge ?? null, expires: iso(end) }
  if (end !== undefined) ends.set(members, end)
  return members
}

function show (session) {
  if (session === undefined || session === null) return undefined
  return isObject(session) && isObject(session.cookie) ? shown(session, session.cookie) : session
}
