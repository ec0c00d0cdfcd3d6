// The prototypes that a store shares with the whole application. What the store does to them is noted once and then undone, so that
// everything else is judged in a clean process. This module takes what it needs before the store is loaded.
import { note } from './faults.mjs'
import { notOpened } from './wire.mjs'

const { getOwnPropertyDescriptor, getPrototypeOf } = Object
const { defineProperty, deleteProperty, ownKeys } = Reflect

const shared = [
  Object, Function, Array, String, Number, Boolean, Symbol, BigInt, Date, RegExp, Promise, Map, Set, WeakMap, WeakSet, Error, TypeError, RangeError,
  SyntaxError, ArrayBuffer, DataView, Uint8Array
].map(made => snapshot(`${made.name}.prototype`, made.prototype))
shared.push(
  snapshot('TypedArray.prototype', getPrototypeOf(Uint8Array.prototype)),
  snapshot('the prototype of all iterators', getPrototypeOf(getPrototypeOf([][Symbol.iterator]()))),
  snapshot('JSON', JSON)
)
const results = expected()
// How many members every object inherits in a loop. More than none only if they cannot be hidden.
let seen = inherited()

function snapshot (name, object) {
  const members = { __proto__: null }
  for (const key of ownKeys(object)) members[key] = getOwnPropertyDescriptor(object, key)
  return { name, object, members, keys: ownKeys(object) }
}

/** Looks at everything, after the store was loaded or opened, and now and then. The call is the one that was under way, if that is known. */
export function inspectPrototypes (call) {
  const wrong = results !== expected()
  for (let i = 0; i < shared.length; i++) {
    const { name, object, members, keys } = shared[i]
    for (let k = 0; k < keys.length; k++) heedChange(shared[i], keys[k], wrong, call)
    const now = ownKeys(object)
    for (let k = 0; name !== 'JSON' && k < now.length; k++) {
      if (!members[now[k]] && typeof now[k] === 'string') heedAddition(shared[i], now[k], call)
    }
  }
  seen = inherited()
}

/** Looks at what every object inherits: cheap enough for each call. */
export function glanceAtPrototypes (call) {
  if (inherited() !== seen) inspectPrototypes(call)
}

function inherited () {
  let count = 0
  for (const member in {}) count += member === undefined ? 0 : 1
  for (const member in []) count += member === undefined ? 0 : 1
  for (const member in inherited) count += member === undefined ? 0 : 1
  return count
}

// A member that was there before. One that was replaced by its like, as a polyfill or a tracer does, is left.
function heedChange ({ name, object, members }, key, wrong, call) {
  const before = members[key]
  const now = getOwnPropertyDescriptor(object, key)
  if (now && now.value === before.value && now.get === before.get && now.set === before.set) return
  if (now && !wrong && alike(before.value, now.value) && alike(before.get, now.get) && alike(before.set, now.set)) return
  note('prototype', call, undefined, `${name}.${String(key)} was ${now ? 'replaced' : 'removed'}`)
  if (!defineProperty(object, key, before)) members[key] = now ?? {}
}

function alike (a, b) {
  return a === b || (typeof a === 'function' && typeof b === 'function' && a.name === b.name && a.length === b.length)
}

// A member that was not there before. One that no loop meets, as a polyfill has it, is left, unless it changes the JSON of everything.
// Data that appears during a call came from a session or its id.
function heedAddition ({ name, object, members }, key, call) {
  const now = getOwnPropertyDescriptor(object, key)
  const isData = !now.get && !now.set && typeof now.value !== 'function'
  const changesJSON = key === 'toJSON'
  members[key] = now
  if (!now.enumerable && !changesJSON) return
  const polluted = isData && call !== undefined && call.method !== 'open'
  note(polluted ? 'pollution' : 'prototype', call, undefined, `${name}.${key} was added`)
  const changesAll = changesJSON && (object === Object.prototype || object === Array.prototype)
  if (polluted || changesAll) {
    if (deleteProperty(object, key)) delete members[key]
    else if (changesAll && !polluted) throw notOpened(`the store gives ${name} a toJSON that cannot be taken away: nothing in its process has its own JSON text any more`)
  } else if (now.configurable) {
    defineProperty(object, key, { enumerable: false })
  }
}

// Some results of built-in functions: a replacement that gives others is no polyfill.
function expected () {
  try {
    return JSON.stringify({
      date: new Date(0), list: [1, undefined, 'x', [2]].map(String), found: new Map([[1, 2]]).get(1), none: undefined, set: new Set([1]).has(1),
      sorted: [3, 10, 2].sort().filter(n => n > 2), parts: 'a-b'.split('-'), text: ' a-b '.trim().replace('-', '+'), n: (1.5).toFixed(1), null: null
    })
  } catch {
    return undefined
  }
}
