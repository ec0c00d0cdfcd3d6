// Calls a store in a closed loop and measures it, as package bench does with stores in Go. Every answer is judged: a fast wrong one is an error.
import { createHistogram } from 'node:perf_hooks'
import { context, fault, watched } from './faults.mjs'
import { build } from './session.mjs'
import { unwatchTimers } from './timers.mjs'
import { badParams, cannot } from './wire.mjs'

// Stores under test replace the globals now and then.
const { performance, setTimeout: after, clearTimeout: forget, setImmediate: later } = globalThis
const now = () => performance.now()

const firstN = 1_000_000_000
// How many requests of a mix leave the session as it is, for each that changes it.
const readingRequests = 4
// How long callbacks that come at once may keep the event loop for themselves, in milliseconds.
const longest = 5

const known = ['fill', 'get', 'set', 'touch', 'mix', 'none', 'destroy']

/** Carries out an order on the store of an instance, and resolves with the reading as JSON text. */
export async function bench (instance, order) {
  check(instance.store, order)
  // What the host watches of single calls costs time, and nobody asks for it now.
  context.disable()
  unwatchTimers()
  const run = new Run(instance, order)
  watched.add(run)
  try {
    globalThis.gc?.() // what earlier orders left is not of this one
    return JSON.stringify(await run.reading())
  } finally {
    watched.delete(run)
    if (order.operation === 'destroy') for (const id of order.ids) run.all.delete(id)
  }
}

function check (store, { operation, callers, ids, session, warmUpMs, durationMs, calls = 0, timeoutMs }) {
  if (!known.includes(operation)) throw badParams(`unknown operation ${operation}`)
  if (!Array.isArray(ids) || !(callers >= 1 && callers <= ids.length)) throw badParams(`${callers} callers need as many ids`)
  if (typeof session !== 'object' || session === null) throw badParams('session must be an object')
  if (!(warmUpMs >= 0 && durationMs > 0 && calls >= 0 && timeoutMs > 0)) throw badParams('durationMs and timeoutMs must be positive, warmUpMs and calls not negative')
  if (operation === 'touch' && typeof store.touch !== 'function') throw cannot('the store has no touch')
}

// A store that calls back at once, with what its caller holds.
const answering = all => ({
  get: (id, callback) => callback(null, all.get(id).session),
  set: (id, session, callback) => callback(),
  touch: (id, session, callback) => callback()
})

// A session that the store holds, as it has acknowledged it, but for its cookie. It belongs to one caller at a time.
function hold (all, { express, store }, id, template) {
  if (!all.has(id)) {
    const session = build(express, store, { id, session: structuredClone(template) })
    session.owner = id
    session.n = firstN
    all.set(id, { id, session, n: firstN })
  }
  return all.get(id)
}

const wrong = message => ({ name: '', message })

// Each operation makes its call, and done is called with what is wrong with the answer, if anything is. begin is called just before the call.
const operations = {
  get (store, held, begin, done) {
    begin()
    store.get(held.id, (error, session) => done(error && error.code !== 'ENOENT' ? error : judge(held, session)))
  },
  // A value is changed as an application does, and the cookie renewed as the middleware does.
  set (store, held, begin, done) {
    const next = held.session.n = held.n + 1
    held.session.touch()
    begin()
    store.set(held.id, held.session, error => {
      if (!error) held.n = next
      done(error)
    })
  },
  fill (store, held, begin, done) {
    held.session.touch()
    begin()
    store.set(held.id, held.session, done)
  },
  touch (store, held, begin, done) {
    held.session.touch()
    begin()
    store.touch(held.id, held.session, done)
  },
  destroy (store, held, begin, done) {
    begin()
    store.destroy(held.id, done)
  }
}

function judge ({ id, n, session: set }, got) {
  if (!got) return wrong('get found no session where one was set')
  if (got.owner !== id) return wrong('get answered the session of another id')
  if (got.n !== n) return wrong(`get answered an older or another session than the last one that was set: n is ${got.n}, not ${n}`)
  if (got.cart?.length !== set.cart?.length || got.text?.length !== set.text?.length) return wrong('get answered a session with a part missing')
}

// The calls of each request, in the order of the requests, which then begins anew.
function requestsOf (operation, store) {
  if (operation !== 'mix' && operation !== 'none') return [[operation]]
  const all = [['get', 'set']]
  while (typeof store.touch === 'function' && all.length <= readingRequests) all.push(['get', 'touch'])
  return all
}

class Run {
  over = false
  errors = 0
  made = 0
  calls = 0
  last = 0
  histogram = createHistogram()

  constructor (instance, order) {
    this.once = order.operation === 'fill' || order.operation === 'destroy'
    this.timeout = order.timeoutMs
    const none = order.operation === 'none'
    this.all = none ? (instance.imagined ??= new Map()) : (instance.benched ??= new Map())
    this.store = none ? answering(this.all) : instance.store
    this.requests = requestsOf(order.operation, this.store)
    this.callers = Array.from({ length: order.callers }, (_, i) => new Caller(this, share(order.calls, i, order.callers)))
    order.ids.forEach((id, i) => this.callers[i % order.callers].held.push(hold(this.all, instance, id, order.session)))
    this.counts = now() + order.warmUpMs
    this.ends = this.counts + order.durationMs
  }

  reading () {
    return new Promise(resolve => {
      this.left = this.callers.length
      this.before = process.cpuUsage()
      const end = () => {
        this.over = true
        forget(timer)
        resolve(this.result())
      }
      const timer = after(() => {
        for (; this.left > 0; this.left--) this.failed(wrong(`a call was not answered within ${this.timeout / 1000} s`))
        end()
      }, this.ends - now() + this.timeout)
      this.leave = () => { if (--this.left === 0) end() }
      for (const caller of this.callers) later(() => caller.go())
    })
  }

  result () {
    const { calls, errors, firstError, histogram } = this
    const ms = ns => ns / 1e6
    const latencyMs = calls
      ? { p50: ms(histogram.percentile(50)), p90: ms(histogram.percentile(90)), p99: ms(histogram.percentile(99)), max: ms(histogram.max) }
      : undefined
    const { user, system } = process.cpuUsage(this.before)
    const cpuMs = (user + system) / 1000 * calls / Math.max(this.made, 1)
    return { calls, elapsedMs: Math.max(this.last - this.counts, 0), latencyMs, cpuMs, errors, firstError }
  }

  failed (thrown) {
    this.errors++
    if (this.firstError !== undefined) return
    const { name, message } = fault(thrown)
    this.firstError = thrown instanceof Error || !thrown?.message ? `${name}: ${message}` : String(thrown.message)
  }

  uncaughtIn (thrown) { this.failed(thrown) }
  rejectedWith () {}
}

// The part of calls that one of several callers makes. Any number is Infinity.
const share = (calls, i, callers) => calls ? Math.floor(calls / callers) + (i < calls % callers ? 1 : 0) : Infinity

// A caller makes one call after the other on its own sessions, so that it knows what each get must answer.
class Caller {
  held = []
  number = 0 // of the request
  part = 0 // of the request
  counted = 0
  running = false
  again = false

  constructor (run, calls) {
    this.run = run
    this.calls = calls
  }

  // A store that calls back at once neither deepens the stack nor keeps others from the event loop for long.
  go () {
    if (this.running) {
      this.again = true
      return
    }
    this.running = true
    const began = now()
    do {
      this.again = false
      this.next()
    } while (this.again && now() - began < longest)
    this.running = false
    if (this.again) later(() => this.go())
  }

  next () {
    const { run, held } = this
    const lap = Math.floor(this.number / held.length)
    // One call is counted even where the machine comes to it too late.
    const over = (this.counted > 0 && now() > run.ends) || (run.once && lap > 0) || run.over
    if (over || this.counted >= this.calls) return run.leave()
    const of = held[this.number % held.length]
    // Each lap begins at another request: it is not always the same sessions that are set.
    const request = run.requests[(this.number + lap) % run.requests.length]
    const operation = operations[request[this.part]]
    if (++this.part >= request.length) {
      this.part = 0
      this.number++
    }
    let began = 0
    let answered = false
    const done = error => {
      const ended = now()
      if (answered) return run.failed(wrong('the callback was called twice'))
      answered = true
      if (error) run.failed(error)
      this.count(began, ended)
      this.go()
    }
    try {
      operation(run.store, of, () => { began = now() }, done)
    } catch (thrown) {
      if (!answered) done(thrown)
      else run.failed(thrown)
    }
  }

  count (began, ended) {
    const { run } = this
    run.made++
    if (began < run.counts) return
    this.counted++
    run.calls++
    run.last = Math.max(run.last, ended)
    run.histogram.record(Math.max(1, Math.round((ended - began) * 1e6)))
  }
}
