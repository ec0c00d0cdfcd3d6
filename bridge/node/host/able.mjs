// What a session and its cookie can do, judged by trying. Classes say nothing: a store package may bring its own copy of express-session,
// and then its sessions are instances of that copy's Session.
import { types } from 'node:util'

// express-session's middleware, and the applications behind it, call these.
const methods = ['touch', 'resetMaxAge', 'save', 'reload', 'destroy', 'regenerate']

/** Says what a session cannot do that a Session of that id can; undefined if nothing. */
export function sessionLacks (session, id) {
  const without = methods.filter(name => typeof session[name] !== 'function')
  if (without.length) return `one without ${without.join(', ')}`
  if (session.id !== id) return `one whose id is ${String(session.id)}`
  if (plain(session) === undefined) return 'one that has no JSON text'
  return tried(touchLacks, session)
}

/** Says what a cookie cannot do that a Cookie can; undefined if nothing. */
export function cookieLacks (cookie) {
  return typeof cookie === 'object' && cookie !== null ? tried(dataLacks, cookie) : 'none'
}

/** The data of an object as it is now; undefined if the object has no JSON text. */
export function plain (object) {
  try {
    return JSON.parse(JSON.stringify(object))
  } catch {
    return undefined
  }
}

function tried (lacks, object) {
  try {
    return lacks(object)
  } catch (thrown) {
    return `one that throws ${String(thrown)}`
  }
}

function dataLacks (cookie) {
  const { data, expires } = cookie
  if (typeof data !== 'object' || data === null) return 'one without data, which the middleware writes into the header'
  if (!sameTime(data.expires, expires)) return 'one whose data lacks its expires'
  if (!sameTime(plain(cookie)?.expires, expires)) return 'one whose JSON lacks its expires'
  if (!types.isDate(expires)) return undefined
  const earliest = Date.now()
  const left = cookie.maxAge
  return left >= expires - Date.now() && left <= expires - earliest ? undefined : `one whose maxAge is ${String(left)}`
}

// The middleware touches each session at the end of its request, and the session's life begins anew. What the session was is put back.
function touchLacks (session) {
  const { cookie } = session
  if (typeof cookie !== 'object' || cookie === null) return 'one without a cookie'
  const { expires, originalMaxAge } = cookie
  const life = Number.isFinite(originalMaxAge) ? originalMaxAge : undefined
  try {
    if (life !== undefined) cookie.expires = new Date(0)
    cookie.originalMaxAge = originalMaxAge
    const earliest = Date.now()
    session.touch()
    const end = session.cookie.expires
    const right = life === undefined ? !types.isDate(end) : types.isDate(end) && end >= earliest + life && end <= Date.now() + life
    if (right) return undefined
    return Number(end) === 0 ? 'one whose touch leaves expires as it was' : `one whose touch makes expires ${String(end)}`
  } finally {
    cookie.expires = expires
    cookie.originalMaxAge = originalMaxAge
  }
}

const sameTime = (a, b) => (a ?? null) === (b ?? null) || new Date(a).getTime() === new Date(b).getTime()
