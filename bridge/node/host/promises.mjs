// What the profiles of middlewares have in common that wait for promises and store plain objects.
import { cannot, badParams } from './wire.mjs'
import { evaluate, isObject, own } from './session.mjs'

/** A method that answers with a promise, or at once: its outcome is told as if it had called back. An ENOENT is an error like any other. */
export function asks (ask, more = {}) {
  return {
    results: 1,
    ...more,
    run (store, call, callback) {
      let answer
      try {
        answer = ask(store, call)
      } catch (thrown) {
        return callback(failure(thrown))
      }
      if (typeof answer?.then !== 'function') return callback(null, answer)
      answer.then(value => callback(null, value), reason => callback(failure(reason)))
    }
  }
}

function failure (reason) {
  if (reason?.code === 'ENOENT') return Object.assign(new Error(`${reason.message} (ENOENT)`), { name: reason.name, stack: reason.stack })
  return reason || new Error(`the promise was rejected with ${String(reason)}`)
}

/** The parts of a session of the suite: the members of the application, when it ends in milliseconds since 1970, if it does, and its maxAge. */
export function parts ({ session: data, expression }, taken) {
  if (!isObject(data) || Array.isArray(data)) throw badParams('session must be a JSON object')
  const members = {}
  const extra = expression ? Object.getOwnPropertyDescriptors(evaluate(expression)) : {}
  for (const name of [...Object.keys(data), ...Object.keys(extra)]) {
    if (taken.includes(name)) throw cannot(`an application cannot have a member named ${name}: it is the middleware's own`)
  }
  for (const name of Object.keys(data)) if (name !== 'cookie') own(members, name, data[name])
  Object.defineProperties(members, extra)
  const { expires, originalMaxAge } = data.cookie ?? {}
  const end = typeof expires === 'string' ? Date.parse(expires) : undefined
  return { members, end, maxAge: typeof originalMaxAge === 'number' ? originalMaxAge : end && end - Date.now() }
}

// A session of the suite is made a little before it is set. In milliseconds.
const fresh = 1000

/** Whether a session has its whole life before it, as one that a middleware stores at the end of a request. */
export const isFresh = (end, maxAge) => Math.abs(end - Date.now() - maxAge) < fresh

/** What a store answered, as a session of the suite. */
export function shown (members, cookie, without = []) {
  const { cookie: replaced, ...kept } = Object.getOwnPropertyDescriptors(members)
  for (const name of without) delete kept[name]
  const session = Object.create(Object.getPrototypeOf(members), kept)
  own(session, 'cookie', cookie)
  return session
}

/** A time in milliseconds since 1970 as a cookie has it; undefined and what is no time are null. */
export function iso (ms) {
  const date = new Date(ms)
  return typeof ms === 'number' && !Number.isNaN(date.getTime()) ? date.toISOString() : null
}
