// Faults outside of any answer, and the calls that they belong to.
import { AsyncLocalStorage } from 'node:async_hooks'
import { inspect, types } from 'node:util'

/** The call (or the opening) in whose context code runs. */
export const context = new AsyncLocalStorage()

/** The calls that are not reported yet. */
export const watched = new Set()

/** The calls by the promise that their method returned. */
export const returned = new WeakMap()

// Errors that the callbacks of calls threw on purpose.
const bombs = new WeakSet()

/** Makes an exception for a callback to throw. When it comes back, as it is or wrapped, it is not the store's fault. */
export function bomb () {
  const made = new Error('storecheck: the callback throws')
  bombs.add(made)
  return made
}

export function isBomb (thrown) {
  for (let depth = 0; typeof thrown === 'object' && thrown !== null && depth < 4; depth++, thrown = thrown.cause) {
    if (bombs.has(thrown)) return true
  }
  return false
}

// A store that fails in a loop must not fill the memory before anybody asks.
const limit = kind => kind === 'output' ? 200 : 1000
let log = []
let counts = {}

/** Notes an event; call may be undefined, and instance too, the name of the store that emitted it. */
export function note (kind, call, fault, text, instance) {
  counts[kind] = (counts[kind] ?? 0) + 1
  if (counts[kind] > limit(kind)) return
  log.push({ kind, instance, method: call?.method, id: call?.id, fault, text, at: Date.now() })
}

/** Returns the events since the last asking. */
export function events () {
  for (const kind of Object.keys(counts)) {
    const lost = counts[kind] - limit(kind)
    if (lost > 0) log.push({ kind, text: `and ${lost} more that were not kept`, at: Date.now() })
  }
  const answer = log
  log = []
  counts = {}
  return answer
}

/** Describes a thrown value, whatever it is, without running into its own getters. */
export function fault (thrown) {
  try {
    if (types.isNativeError(thrown) || thrown instanceof Error) {
      return {
        name: clip(thrown.name || thrown.constructor?.name || 'Error', 200),
        message: clip(thrown.message, 2000),
        code: ['string', 'number'].includes(typeof thrown.code) ? clip(thrown.code, 200) : undefined,
        stack: shorten(thrown.stack)
      }
    }
    const code = thrown?.code
    return {
      name: kindOf(thrown),
      message: clip(typeof thrown === 'object' && thrown !== null ? inspect(thrown, { depth: 2, breakLength: Infinity }) : thrown, 2000),
      code: ['string', 'number'].includes(typeof code) ? clip(code, 200) : undefined,
      notError: true
    }
  } catch (e) {
    return { name: typeof thrown, message: 'a value that throws when it is looked at', notError: true }
  }
}

export function kindOf (value) {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

const here = new URL('.', import.meta.url).href

function shorten (stack) {
  if (typeof stack !== 'string') return undefined
  const own = line => line.includes(here) || line.includes('AsyncLocalStorage.run')
  const lines = stack.split('\n').filter(l => /^\s+at /.test(l))
  // The host functions that the store called stand above its frames. Below the host's frames that called the store is nothing of the store.
  lines.splice(0, Math.max(0, lines.findIndex(l => !own(l) && !l.includes('node:internal/'))))
  const end = lines.findIndex(own)
  if (end >= 0) lines.length = end
  return lines.length ? clip(lines.filter(l => !l.includes('node:internal/')).slice(0, 8).map(l => l.trim()).join('\n'), 2000) : undefined
}

function clip (value, size) {
  const text = String(value)
  return text.length > size ? text.slice(0, size) + '…' : text
}

// Code that a microtask runs directly has no context. If one call is in flight, the code can only belong to that call.
function culprit () {
  const inContext = context.getStore()
  if (inContext) return inContext
  return watched.size === 1 ? watched.values().next().value : undefined
}

/** Listens for what would end an ordinary process. */
export function listen () {
  // A disk that is full sends no signal, but the limit by which the suite makes one seem full does. signal-exit, in many packages that write
  // files, ends the process for it unless somebody else listens.
  process.on('SIGXFSZ', () => {})
  process.on('uncaughtException', thrown => blame('uncaughtException', culprit(), thrown))
  process.on('unhandledRejection', (reason, promise) => {
    const call = returned.get(promise)
    call?.rejectedWith(reason)
    blame('unhandledRejection', call ?? culprit(), reason)
  })
}

function blame (kind, call, thrown) {
  if (isBomb(thrown)) return
  if (call && watched.has(call)) call.uncaughtIn(thrown)
  else note(kind, call, fault(thrown))
}
