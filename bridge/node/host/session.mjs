// The session as the middleware hands it over: a real Session with a real Cookie, circular through its request.
import vm from 'node:vm'
import { types } from 'node:util'
import { cannot, badParams } from './wire.mjs'

// The constructor of Session makes these its own, for the request and the session id.
const taken = ['id', 'req']

/** Builds the argument of set or touch from the parsed session and the call's wishes. */
export function build (express, store, { id, session: data, expression, plain, frozen }) {
  const extra = expression ? evaluate(expression) : undefined
  if (plain) {
    if (extra && !isObject(data)) throw badParams('the members of an expression need an object as session')
    if (extra) Object.defineProperties(data, Object.getOwnPropertyDescriptors(extra))
    if (frozen) deepFreeze(data)
    return data
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw badParams('session must be a JSON object, or plain must be true')
  const request = { sessionID: id, sessionStore: store }
  for (const name of taken) {
    if (Object.hasOwn(data, name) || (extra && Object.hasOwn(extra, name))) {
      throw cannot(`a real Session cannot carry an application member named ${name}: it is the session's own`)
    }
  }
  if (isObject(data.cookie)) data.cookie = inflate(express.Cookie, data.cookie)
  const session = new express.Session(request, data)
  request.session = session
  for (const name of Object.keys(data)) {
    if (!Object.hasOwn(session, name)) own(session, name, data[name])
  }
  if (extra) Object.defineProperties(session, Object.getOwnPropertyDescriptors(extra))
  if (frozen) freeze(session)
  return session
}

/** A session as the middleware makes it for a new visitor. */
export function generate (express, request, newID) {
  request.sessionID = newID
  request.session = new express.Session(request)
  request.session.cookie = new express.Cookie({})
}

// The fields and accessors of Cookie that its JSON has under other names. A store that keeps the object itself answers with them, and the
// middleware hands them to touch again.
const inner = ['_expires', 'maxAge', 'data']

// The same steps as createSession of express-session's Store. Then the defaults of Cookie that were not sent are removed, so that the
// JSON of the cookie is the JSON that was sent.
function inflate (Cookie, data) {
  const cookie = new Cookie(data)
  const written = cookie.data
  for (const name of Object.keys(data)) {
    if (!Object.hasOwn(written, name) && !inner.includes(name)) throw cannot(`a real Cookie does not write a member named ${name} to JSON`)
  }
  if (typeof data.expires === 'string') {
    cookie.expires = new Date(data.expires)
    if (Number.isNaN(cookie.expires.getTime())) throw cannot(`a real Cookie cannot carry the time ${data.expires}`)
  }
  cookie.originalMaxAge = data.originalMaxAge
  if (!Object.hasOwn(data, 'path')) cookie.path = undefined
  if (!Object.hasOwn(data, 'httpOnly')) cookie.httpOnly = undefined
  if (!Object.hasOwn(data, 'expires') && !Object.hasOwn(data, '_expires')) cookie._expires = undefined
  return cookie
}

/** The object that a JavaScript expression gives. */
export function evaluate (expression) {
  let value
  try {
    value = vm.runInThisContext(`(${expression}\n)`, { filename: 'expression' })
  } catch (e) {
    throw badParams(`the expression ${expression} failed: ${e}`)
  }
  if (!isObject(value)) throw badParams(`the expression ${expression} gives no object`)
  return value
}

/** Gives an object an own member, also one that has a meaning, such as __proto__. */
export function own (object, name, value) {
  Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true })
}

// The cookie stays as it is: the middleware moves its expiry on every request.
export function freeze (session) {
  for (const name of Reflect.ownKeys(session)) {
    const { enumerable, value } = Object.getOwnPropertyDescriptor(session, name)
    if (enumerable && name !== 'cookie') deepFreeze(value)
  }
  Object.freeze(session)
}

// Without recursion: a test of deep nesting must not meet the limits of the host first.
function deepFreeze (root) {
  const todo = [root]
  while (todo.length) {
    const value = todo.pop()
    if (!isObject(value) || Object.isFrozen(value) || ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) continue
    Object.freeze(value)
    for (const name of Reflect.ownKeys(value)) todo.push(Object.getOwnPropertyDescriptor(value, name).value)
  }
}

export function isObject (value) {
  return typeof value === 'object' && value !== null
}

/** Sets the member at path of a live object. Only the last member may be new. */
export function change (object, path, value) {
  if (!Array.isArray(path) || path.length === 0) throw badParams('path must be a list of at least one member name')
  const last = path[path.length - 1]
  for (const name of path.slice(0, -1)) {
    if (!isObject(object) || !Object.hasOwn(object, name)) throw badParams(`there is no member ${name} on the path ${path.join(' → ')}`)
    object = object[name]
  }
  if (!isObject(object)) throw badParams(`what the path ${path.join(' → ')} leads to is no object`)
  const done = last === '__proto__'
    ? Reflect.defineProperty(object, last, { value, configurable: true, enumerable: true, writable: true })
    : Reflect.set(object, last, value)
  if (!done) throw cannot(`the member ${path.join(' → ')} cannot be changed: the object is frozen or the member read-only`)
}
