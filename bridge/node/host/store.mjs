// One call on a store, watched from the outside.
import { inspect, types } from 'node:util'
import { bomb, context, fault, isBomb, kindOf, note, returned, watched } from './faults.mjs'
import { answer, badParams, flush, refuse } from './wire.mjs'
import { allAsRead, asRead } from './read.mjs'
import { build, isObject } from './session.mjs'
import { verbs } from './express.mjs'
import { glanceAtPrototypes } from './prototypes.mjs'
import { resources } from './resources.mjs'
import { calledFirst, fireTimers, storeTimers } from './timers.mjs'

// Stores under test replace the global timers now and then.
const { setTimeout: after, clearTimeout: forget } = globalThis
const { performance } = globalThis
const now = () => performance.now()

const defaultTimeout = 5000
// How long a callback may still come after the method's promise was rejected without one.
const afterRejection = 100
// How long a callback may still come after an exception of its call that ends an ordinary process.
const afterException = 2000
// How late a timeout is when the event loop was blocked or the machine stood still, and how long at most a callback may still come then.
const afterBlockage = 100
const mostAfterBlockage = 3000

// The arguments of the contract's callbacks, and how each method is called.
const methods = {
  get: { results: 2, show: asRead, run: (store, call, callback) => store.get(call.id, callback) },
  set: { results: 1, session: true, run: (store, call, callback) => store.set(call.id, call.argument, callback) },
  destroy: { results: 1, run: (store, call, callback) => store.destroy(call.id, callback) },
  touch: { results: 1, session: true, run: (store, call, callback) => store.touch(call.id, call.argument, callback) },
  all: { results: 2, show: allAsRead, run: (store, call, callback) => store.all(callback) },
  length: { results: 2, run: (store, call, callback) => store.length(callback) },
  clear: { results: 1, run: (store, call, callback) => store.clear(callback) },
  ...verbs,
  resources: { results: 2, ofHost: true, run: (store, call, callback) => callback(null, resources(call)) },
  timers: { results: 2, ofHost: true, run: (store, call, callback) => callback(null, storeTimers()) },
  fire: { results: 2, ofHost: true, run: (store, call, callback) => fireTimers(fired => callback(null, fired)) }
}

/** Live objects that the suite may change and read. */
export const handles = new Map()
let lastHandle = 0

function keep (value) {
  const handle = `h${++lastHandle}`
  handles.set(handle, value)
  return handle
}

/** Starts the call that params describe; its outcome answers the request. */
export function start (request, instance, params, argument) {
  const spoken = instance.profile?.methods ?? {}
  const method = [spoken, methods].find(all => Object.hasOwn(all, params.method))?.[params.method]
  if (!method) throw badParams(`unknown method ${params.method} of a store`)
  if (!method.ofHost) calledFirst()
  const call = new Call(request, instance, method, params)
  if (method.session) {
    call.argument = argument ?? (instance.profile ? instance.profile.build(instance, params) : build(instance.express, instance.store, params))
    if (params.watch) call.before = text(call.argument)
  }
  call.start()
}

class Call {
  constructor (request, instance, contract, params) {
    this.request = request
    this.instance = instance
    this.contract = contract
    this.method = params.method
    this.id = params.id
    this.way = params.callback
    this.settle = params.settleMs ?? 0
    this.timeout = params.timeoutMs || defaultTimeout
    this.keep = params.keep
    this.form = params.form
    this.after = mostAfterBlockage
    this.callbacks = 0
    this.argument = this.before = undefined
    this.began = this.elapsed = this.due = 0
    this.synchronous = this.timedOut = this.running = false
    this.first = this.error = this.thrown = this.rejected = this.uncaught = undefined
    this.promise = this.timer = undefined
  }

  start () {
    watched.add(this)
    this.running = true
    this.began = now()
    context.run(this, this.run, this)
    this.running = false
    if (this.callbacks || this.thrown || this.way === 'none') this.end(this.settle)
    else this.wait(this.timeout, this.late)
  }

  // Runs as a plain function in the call's context.
  run (call) {
    const callback = call.way === 'none' ? undefined : (...args) => call.called(args)
    try {
      const value = call.contract.run(call.instance.store, call, callback)
      if (isObject(value) && typeof value.then === 'function') {
        call.promise = value
        returned.set(value, call)
      }
    } catch (thrown) {
      if (!isBomb(thrown)) call.thrown = fault(thrown)
    }
  }

  called (args) {
    if (!watched.has(this)) {
      note('lateCallback', this, args[0] ? fault(args[0]) : undefined)
      return
    }
    if (this.callbacks++ > 0) return
    this.elapsed = now() - this.began
    this.synchronous = this.running
    this.first = args
    if (args[0]) this.error = fault(args[0])
    if (!this.running) this.end(this.settle)
    if (this.way === 'throws') throw bomb()
  }

  uncaughtIn (thrown) {
    (this.uncaught ??= []).push(fault(thrown))
    if (this.timer && !this.callbacks && this.due > now() + afterException) this.wait(afterException, this.late)
  }

  /** The promise that the method returned was rejected, and nobody handled it. */
  rejectedWith (reason) {
    if (!watched.has(this) || isBomb(reason)) return
    this.rejected = fault(reason)
    if (!this.callbacks && this.way !== 'none') this.end(Math.max(this.settle, afterRejection))
  }

  wait (ms, then) {
    forget(this.timer)
    this.due = now() + ms
    this.timer = after(() => then.call(this), ms)
    this.timer.unref()
  }

  late () {
    const late = now() - this.due
    if (late > afterBlockage && this.after > 0) {
      this.after -= late
      this.wait(Math.min(late, mostAfterBlockage), this.late)
      return
    }
    this.timedOut = true
    this.end(0)
  }

  end (ms) {
    if (ms > 0) {
      this.wait(ms, this.finish)
      return
    }
    forget(this.timer)
    this.finish()
  }

  // The promise is left alone as long as possible: looking at it handles its rejection in the store's place.
  finish () {
    if (this.promise && !this.rejected && (this.settle > 0 || this.timedOut) && isRejected(this.promise)) {
      this.promise.then(() => this.report(), reason => {
        if (!isBomb(reason)) this.rejected = fault(reason)
        this.report()
      })
    } else this.report()
  }

  // Called from inside the store's own calls: a fault of the host must not fall into the store's hands.
  report () {
    if (!watched.delete(this)) return // what came while the promise was looked at has reported it
    forget(this.timer)
    try {
      glanceAtPrototypes(this)
      answer(this.request, this.outcome())
    } catch (e) {
      refuse(this.request, e)
    }
    // With nothing else in flight no other answer could go out together with this one.
    if (!watched.size) flush()
    // Connections and timers of the store keep the context of the call that made them: it must not hold a session.
    this.first = this.argument = this.before = this.promise = this.timer = undefined
  }

  outcome () {
    let s = '{"callbacks":' + this.callbacks
    if (this.synchronous) s += ',"synchronous":true'
    if (this.timedOut) s += ',"timedOut":true'
    if (this.timedOut && this.promise) s += ',"promise":true'
    if (this.error) s += ',"error":' + JSON.stringify(this.error)
    let result
    if (this.callbacks) {
      const args = this.first
      let count = args.length
      while (count > this.contract.results && args[count - 1] === undefined) count--
      result = this.contract.summary ? this.contract.summary(this, args[1]) : args[1]
      const shown = this.contract.show ? this.contract.show(result) : result
      const value = text(shown)
      const kind = kindOf(shown)
      s += ',"kind":"' + (value === undefined && isObject(shown) ? `${kind} without JSON text` : kind) + '"'
      if (value !== undefined) s += ',"value":' + value
      if (count > this.contract.results) s += ',"extra":' + (count - this.contract.results)
      s += ',"elapsedMs":' + this.elapsed.toFixed(3)
    }
    if (this.thrown) s += ',"thrown":' + JSON.stringify(this.thrown)
    if (this.rejected) s += ',"rejected":' + JSON.stringify(this.rejected)
    if (this.uncaught) s += ',"uncaught":' + JSON.stringify(this.uncaught)
    if (this.before !== undefined) {
      s += ',"before":' + this.before
      const later = text(this.argument)
      if (later !== undefined) s += ',"after":' + later
    }
    if (this.keep) {
      if (isObject(this.argument)) s += `,"argument":"${keep(this.argument)}"`
      const held = this.contract.live ? this.contract.live(result) : result
      if (isObject(held)) s += `,"result":"${keep(held)}"`
    }
    return s + '}'
  }
}

/** The JSON text of a value, or undefined where it has none. */
export function text (value) {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

function isRejected (promise) {
  return !types.isPromise(promise) || /^[\w$]*\s?(\[\w+\] )?\{\s*<rejected>/.test(inspect(promise, { depth: 0 }))
}
