// What a store answers, as express-session reads it.
import { types } from 'node:util'
import { isObject } from './session.mjs'

/**
 * A session whose cookie has its end where Cookie itself keeps it, in _expires, as a copy with expires: createSession makes a new Cookie of every member
 * of the one it is given. Such is the answer of a store that keeps the members of the live cookie. Only a date is one to a Cookie, and nothing
 * turns the text of one in _expires into it.
 */
export function asRead (session) {
  if (!isObject(session) || !isObject(session.cookie) || hasJSON(session) || hasJSON(session.cookie)) return session
  const { _expires: end, ...cookie } = session.cookie
  const kept = Object.hasOwn(session.cookie, '_expires') && !('expires' in session.cookie) && (types.isDate(end) || end === null)
  return kept ? { ...session, cookie: { ...cookie, expires: end } } : session
}

/** The same of a list of sessions. */
export const allAsRead = list => Array.isArray(list) ? list.map(asRead) : list

const hasJSON = object => typeof object.toJSON === 'function'
