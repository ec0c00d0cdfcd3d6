// The timers that the store sets itself, so that the suite need not wait for one that fires each minute or each hour.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { performance } from 'node:perf_hooks'
import timers from 'node:timers'
import promises from 'node:timers/promises'
import { context, watched } from './faults.mjs'

const { setTimeout: after, clearTimeout: forget } = globalThis

// Node cannot wait longer, in milliseconds: it fires such a timer each millisecond.
const longest = 2 ** 31 - 1
// What fires within a second is seen without help.
const shortest = 1000
// A site in the code that sets more timers than this while the store is called sets them for sessions, and each has a time of its own.
const mostOfSite = 4
const mostFired = 50
const mostSpinning = 20
// A timer may look for what has happened since it fired last, such as an answer, in milliseconds.
const apart = 200

// Records of timers: {timer: WeakRef, repeats, ms, at, opening, fired}; fired is when it did so last, or was set.
const set = new Set()
const spinning = new Map()
const loops = new Set()
let called = false
let unwatched = false

// The timers that a timer of the store sets are its own too, whenever it fires.
const again = { method: 'a timer of the store' }

/** The store is called for the first time: what it sets from now on may belong to a session. */
export function calledFirst () {
  called = true
}

/** No more timers are watched from now on. */
export function unwatchTimers () {
  unwatched = true
}

/** Watches the timers that are set from now on; called before the store is loaded. */
export function watchTimers () {
  watch('setInterval', true)
  watch('setTimeout', false)
  const { setInterval: ticks, setTimeout: sleep } = promises
  // Those of node:timers/promises do not pass by the others. A signal ends them: then they are left as they are.
  promises.setTimeout = named('setTimeout', sleep, (delay, value, options) => options?.signal || !(delay >= shortest)
    ? sleep(delay, value, options)
    : new Promise(resolve => held(timers.setTimeout(resolve, delay, value), options)))
  promises.setInterval = named('setInterval', ticks, (delay, value, options) => options?.signal || !(delay >= shortest)
    ? ticks(delay, value, options)
    : eachTick(delay, value, options))
  syncBuiltinESMExports()
}

async function * eachTick (delay, value, options) {
  let due = 0
  let wake
  const timer = held(timers.setInterval(() => { due++; wake?.() }, delay), options)
  try {
    for (;;) {
      if (!due) await new Promise(resolve => { wake = resolve })
      due--
      yield value
    }
  } finally {
    timers.clearInterval(timer)
  }
}

function held (timer, options) {
  if (options?.ref === false) timer.unref()
  return timer
}

function named (name, original, replacement) {
  return Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original))
}

function watch (name, repeats) {
  const original = timers[name]
  const replacement = named(name, original, function (callback, delay, ...args) {
    const ms = typeof delay === 'number' || typeof delay === 'string' ? Number(delay) : 0
    if (unwatched || ms < shortest || typeof callback !== 'function' || (Number.isNaN(ms) && typeof delay === 'string')) return original.call(this, callback, delay, ...args)
    const at = site(replacement)
    if (!(ms <= longest)) {
      if (spinning.size < mostSpinning) spinning.set(at?.place, { repeats, ms: String(ms), at: at?.place })
      return original.call(this, callback, delay, ...args)
    }
    const record = { repeats, ms, at: at?.place, opening: isOpening(at, ms), fired: performance.now() }
    const timer = original.call(this, function (...given) {
      record.fired = performance.now()
      return record.opening && !unwatched ? context.run(again, () => callback.apply(this, given)) : callback.apply(this, given)
    }, delay, ...args)
    record.timer = new WeakRef(timer)
    if (at?.own) remember(record)
    return timer
  })
  timers[name] = globalThis[name] = replacement
}

// A loop that awaits its time runs on in the context of its first round: it is known by its place and its time.
function isOpening (at, ms) {
  const by = context.getStore()
  const loop = `${at?.place} ${ms}`
  const opening = !called || by === again || (by?.method === 'open' && watched.has(by)) || loops.has(loop)
  if (opening && loops.size < 1000) loops.add(loop)
  return opening
}

function remember (record) {
  if (set.size >= 500) for (const old of set) if (!alive(old)) set.delete(old)
  if (set.size < 5000) set.add(record)
}

function alive ({ timer }) {
  const still = timer.deref()
  return still && !still._destroyed && typeof still._onTimeout === 'function' ? still : undefined
}

const here = new URL('.', import.meta.url).href

// Where the timer is set: the first place outside of Node and of this host. It is the store's own unless it lies in a package that knows
// nothing of sessions, such as a client of a database: what a client does in its time is not for others to hurry.
function site (below) {
  const { stackTraceLimit, prepareStackTrace } = Error
  const mark = {}
  try {
    Error.stackTraceLimit = 16
    Error.prepareStackTrace = undefined
    Error.captureStackTrace(mark, below)
    for (const line of mark.stack.split('\n').slice(1)) {
      const [, place, file] = /((?:file:\/\/)?((?:\/|[A-Za-z]:\\)[^()]*?):\d+:\d+)\)?$/.exec(line) ?? []
      if (file && !line.includes(here) && !line.includes(herePath)) return { place: place.replace('file://', ''), own: isOwn(file.replaceAll('\\', '/')) }
    }
  } catch {
  } finally {
    Error.stackTraceLimit = stackTraceLimit
    Error.prepareStackTrace = prepareStackTrace
  }
  return undefined
}

const herePath = decodeURI(new URL('.', import.meta.url).pathname)
const known = new Map()

function isOwn (file) {
  const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]
  if (folder === undefined) return true
  if (!known.has(folder)) known.set(folder, knowsSessions(folder))
  return known.get(folder)
}

function knowsSessions (folder) {
  try {
    const about = JSON.parse(fs.readFileSync(folder + '/package.json', 'utf8'))
    const words = [about.name, ...(about.keywords ?? [])]
    const needs = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap(list => Object.keys(about[list] ?? {}))
    return words.some(word => /session/i.test(word)) || needs.includes('express-session')
  } catch {
    return false
  }
}

// Timers that were set while the store was called count only if they repeat and are few: others are the end of one session.
function own () {
  const living = [...set].filter(alive)
  const count = {}
  for (const { at } of living) count[at] = (count[at] ?? 0) + 1
  return living.filter(({ repeats, at, opening }) => opening || (repeats && count[at] <= mostOfSite)).slice(0, mostFired)
}

const shown = ({ repeats, ms, at }) => ({ repeats, ms, at })

/** The store's own timers, and those that Node fires each millisecond. */
export function storeTimers () {
  return { timers: own().map(shown), spinning: [...spinning.values()] }
}

/** Fires the store's own timers now, once each, as their time would, and calls back when all have fired. */
export function fireTimers (done) {
  const due = own()
  const wait = Math.max(1, ...due.map(({ fired }) => fired + apart - performance.now() + 2)) // Node may be 1 ms early
  // Each by itself, so that what it throws is uncaught as always, and behind the timers that are due.
  for (const record of due) after(() => fire(record), wait)
  after(() => done({ timers: due.map(shown), spinning: [...spinning.values()] }), wait)
}

function fire (record) {
  const timer = alive(record)
  if (!timer || performance.now() < record.fired + apart) return // cleared, or its own time has come
  const { _onTimeout: callback, _timerArgs: args } = timer
  if (record.repeats) timer.refresh()
  else forget(timer)
  context.run(again, () => callback.apply(timer, args ?? []))
}
