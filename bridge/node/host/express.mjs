// Runs the parts of express-session's Store and Session that stores inherit, as the middleware runs them. The outcome's value is a
// summary of the effects; ../README.md lists its members.
import { randomBytes } from 'node:crypto'
import { types } from 'node:util'
import { cookieLacks, plain, sessionLacks } from './able.mjs'
import { generate } from './session.mjs'
import { generatorOf } from './site.mjs'

const watchedRequests = new WeakMap()

/** What express-session's set-up puts on a store as generate. */
export function generator (express) {
  return request => {
    const own = generatorOf(request)
    if (own) return own(request)
    const seen = watchedRequests.get(request)
    if (seen) {
      seen.generated++
      seen.generatedBeforeDestroyed ||= !seen.destroyed
      seen.generatedBeforeCallback ||= !seen.calledBack
    }
    generate(express, request, randomBytes(24).toString('base64url'))
  }
}

function request (store, call) {
  return { sessionID: call.id, sessionStore: store }
}

// A session that was in use before, as for a request whose session the middleware already loaded.
function inUse (store, call) {
  const req = request(store, call)
  const { Session, Cookie } = call.instance.express
  call.old = req.session = new Session(req)
  req.session.cookie = new Cookie({})
  call.req = req
  return req
}

export const verbs = {
  load: {
    results: 2,
    run: (store, call, callback) => store.load(call.id, callback),
    summary: (call, session) => describe(call, session, session?.req)
  },
  createSession: {
    results: 2,
    run (store, call, callback) {
      if (typeof store.createSession !== 'function') throw new TypeError('store.createSession is not a function')
      const req = call.req = request(store, call)
      return store.get(call.id, (error, session) => {
        if (error || !session) return callback(error)
        try {
          store.createSession(req, session)
        } catch (thrown) {
          return callback(thrown)
        }
        callback(error, req.session)
      })
    },
    summary: (call, session) => describe(call, session, call.req)
  },
  reload: {
    results: 1,
    run (store, call, callback) {
      const req = inUse(store, call)
      if (typeof store.createSession !== 'function') throw new TypeError('store.createSession is not a function')
      req.session.reload(callback)
    },
    summary (call) {
      const replaced = call.req.session !== call.old
      return { ...describe(call, replaced ? call.req.session : undefined, call.req), replaced }
    }
  },
  regenerate: {
    results: 1,
    run (store, call, callback) {
      if (typeof store.regenerate !== 'function') throw new TypeError('store.regenerate is not a function')
      const req = inUse(store, call)
      const seen = call.seen = { generated: 0, generatedBeforeDestroyed: false, generatedBeforeCallback: false, destroyedCalled: false, destroyed: false, calledBack: false }
      watchedRequests.set(req, seen)
      const restore = spyOnDestroy(store, call.id, seen)
      try {
        return store.regenerate(req, callback && ((...args) => {
          seen.calledBack = true
          return callback(...args)
        }))
      } finally {
        restore()
      }
    },
    summary (call) {
      const { generated, generatedBeforeDestroyed, generatedBeforeCallback, destroyedCalled } = call.seen
      const { found, ...rest } = describe(call, call.req.session, call.req, call.req.sessionID)
      return { ...rest, replaced: call.req.session !== call.old, generated, generatedBeforeDestroyed, generatedBeforeCallback, destroyedCalled }
    }
  }
}

function spyOnDestroy (store, id, seen) {
  const own = Object.getOwnPropertyDescriptor(store, 'destroy')
  const destroy = store.destroy
  const spied = Reflect.defineProperty(store, 'destroy', {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    writable: true,
    value (sid, callback, ...more) {
      if (sid === id) seen.destroyedCalled = true
      return destroy.call(this, sid, typeof callback === 'function'
        ? function (...args) { seen.destroyed = true; return callback.apply(this, args) }
        : callback, ...more)
    }
  })
  return () => {
    if (!spied) return
    if (own) Object.defineProperty(store, 'destroy', own)
    else delete store.destroy
  }
}

function describe (call, session, req, id = call.id) {
  const errorPassed = Boolean(call.first[0])
  if (!session) return { found: false, errorPassed }
  const cookie = session.cookie
  const expires = cookie?.expires
  const expiresIsDate = types.isDate(expires)
  const made = {
    found: true,
    id: session.id,
    expires: expiresIsDate ? (Number.isNaN(expires.getTime()) ? 'Invalid Date' : expires.toISOString()) : expires ?? null,
    expiresIsDate,
    originalMaxAge: cookie?.originalMaxAge ?? null,
    maxAge: cookie?.maxAge ?? null,
    session: plain(session), // before the session is tried
    attached: req?.session === session,
    errorPassed
  }
  const lacks = { cookie: cookieLacks(cookie), session: sessionLacks(session, id) }
  return { ...made, isSession: !lacks.session, sessionLacks: lacks.session, cookieIsCookie: !lacks.cookie, cookieLacks: lacks.cookie }
}
