// Loads the main module of a package and says, as JSON on the last line of standard output, how a store is made of what it exports.
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const file = path.resolve(process.argv[2])
const methods = ['get', 'set', 'destroy']
const has = object => methods.every(name => typeof object?.[name] === 'function')
const isStoreClass = value => typeof value === 'function' && has(value.prototype)
const isClass = value => /^class\b/.test(Function.prototype.toString.call(value))

// The real express-session, if the package has it, or what stores take from it.
function express () {
  try {
    return createRequire(file)('express-session')
  } catch {
    class Store extends EventEmitter {}
    class MemoryStore extends Store {
      get () {}
      set () {}
      destroy () {}
    }
    return Object.assign(() => {}, { Store, MemoryStore, Session: class {}, Cookie: class {} })
  }
}

const closes = object => typeof object.close === 'function'

// A class, or a store.
function storeOf (value) {
  if (isStoreClass(value)) return { shape: 'class', closes: closes(value.prototype) }
  if (typeof value !== 'function' && has(value)) return { shape: 'store', closes: closes(value) }
  return undefined
}

// What a function that gets express-session makes of it.
function madeBy (value) {
  if (typeof value !== 'function' || isClass(value) || value.length > 2) return undefined
  try {
    const made = storeOf(value(express()))
    return made && { ...made, shape: `function that makes a ${made.shape}` }
  } catch {
    return undefined
  }
}

let answer = {}
try {
  const loaded = await import(pathToFileURL(fs.realpathSync(file)).href)
  const names = Object.keys(loaded).filter(name => /^[A-Za-z_$][\w$]*$/.test(name))
  const main = loaded.default?.__esModule ? loaded.default.default : loaded.default
  const candidates = [['default', main], ...names.filter(n => n !== 'default' && n !== 'module.exports').map(n => [n, loaded[n]])]
  if (main !== null && typeof main === 'object') candidates.push(...Object.keys(main).map(n => [n, main[n]]))
  for (const [name, value] of candidates) {
    const found = storeOf(value) ?? madeBy(value)
    if (found) {
      answer = { name, ...found }
      break
    }
  }
  if (!answer.shape) answer = { names: names.filter(n => n !== 'default' && n !== 'module.exports') }
} catch (e) {
  answer = { error: String(e?.message ?? e).split('\n')[0] }
}
fs.writeSync(1, '\n' + JSON.stringify(answer) + '\n')
process.exit(0)
