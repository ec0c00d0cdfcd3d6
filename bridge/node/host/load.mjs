// Finds the module and express-session, and makes a store of whatever the module exports.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import Module, { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { context, fault, kindOf, watched } from './faults.mjs'
import { lookAt, ownOf } from './looks.mjs'
import { HostError, notOpened, otherProfile } from './wire.mjs'

const { setTimeout: after, clearTimeout: forget } = globalThis

// How long loading and opening may take, in milliseconds.
const openTimeout = 30000
const closeTimeout = 10000
const helloTimeout = 10000

const expected = 'export a function (session, env) => store, an object with open(session, env), a class that extends session.Store, or a store'

/** Loads what config names: {open, close, name, version, homepage, issues, properties}. Fails with a HostError. */
export async function load (config, profile) {
  needed = profile?.needed ?? needed
  const found = config.module ? await loadModule(config.module) : loadFactory(config)
  const about = found.about ?? {}
  return {
    ...found,
    name: found.name ?? about.name ?? path.basename(config.module ?? config.root),
    version: about.version ?? '',
    homepage: about.homepage,
    issues: typeof about.bugs === 'string' ? about.bugs : about.bugs?.url
  }
}

/** What can be said in hello: what is wrong with the module is told when it is opened. */
export function introduce (loading, config) {
  return bounded(loading, helloTimeout, 'loading').catch(() => ({ name: config.package ?? path.basename(config.module ?? config.root), version: '' }))
}

async function loadModule (file) {
  if (!fs.existsSync(file)) throw notOpened(`there is no file ${file}`)
  if (/\.[mc]?tsx?$/.test(file)) throw notOpened(`${file} is TypeScript, which is not compiled here: compile it first and name the JavaScript file`)
  let loaded
  try {
    loaded = await bounded(import(pathToFileURL(file).href), openTimeout, `loading ${file}`)
  } catch (e) {
    throw explainLoading(file, e)
  }
  const folder = path.dirname(fs.realpathSync(file))
  return { ...take(unwrap(loaded), file, 'default' in loaded ? 'module.exports =' : 'export default'), folder, about: packageOf(folder) }
}

// A module's default export; or the module itself, when it has the members of the object form as named exports.
function unwrap (loaded) {
  if (!('default' in loaded)) return loaded
  const value = loaded.default
  return value?.__esModule && value.default !== undefined ? value.default : value
}

function loadFactory (config) {
  const compile = (source, what) => {
    if (!source) return undefined
    const filename = path.join(config.root, `storecheck-${what}.cjs`)
    const module = new Module(filename)
    module.filename = filename
    module.paths = Module._nodeModulePaths(config.root)
    try {
      module._compile(`module.exports = (${source}\n)`, filename)
    } catch (e) {
      throw notOpened(`the ${what} is not valid JavaScript: ${syntax(e)}`, e)
    }
    if (typeof module.exports !== 'function') throw notOpened(`the ${what} must be a function, but it is of type ${kindOf(module.exports)}`)
    return module.exports
  }
  return {
    open: compile(config.factory, 'factory'),
    close: compile(config.close, 'close'),
    folder: config.root,
    installed: config.root,
    about: config.package && packageOf(path.join(config.root, 'node_modules', config.package)),
    name: config.package
  }
}

/** Turns an export into {open, close, name, properties}. A line that begins with exporting names the export of a module. */
function take (value, file, exporting) {
  if (typeof value === 'function' && (isStoreClass(value) || !isClass(value))) return { open: (session, env) => isStoreClass(value) ? value : value(session, env) }
  if (typeof value === 'object' && value !== null) {
    if (typeof value.open === 'function') {
      return {
        open: (session, env) => value.open(session, env),
        close: typeof value.close === 'function' ? (store, env) => value.close(store, env) : undefined,
        name: typeof value.name === 'string' ? value.name : undefined,
        properties: propertiesOf(value, file)
      }
    }
    if (missing(value).length < needed.length || ownOf(value)) return { open: () => value }
    const classes = Object.keys(value).filter(key => isStoreClass(value[key]))
    if (classes.length === 1) return { open: () => value[classes[0]] }
  }
  throw notOpened(`${file} has no usable export: found ${describe(value)}; ${expected}${lineToAdd(value, exporting)}`)
}

// What makes a store is often exported under a name of its own.
function lineToAdd (value, exporting) {
  if (typeof value !== 'object' || value === null) return ''
  const names = Object.keys(value).filter(key => typeof value[key] === 'function')
  const name = names.find(key => isStoreClass(value[key])) ?? names[0]
  return name === undefined ? '' : `. If ${name} makes the store, add the line: ${exporting} ${name}`
}

function propertiesOf (value, file) {
  refuseMisspelt(value, ['name', 'open', 'close', 'durable', 'shared', 'disposable', 'expiry', 'addedKeys'], file, '')
  refuseMisspelt(value.expiry ?? {}, ['granularityMs'], file, 'expiry.')
  const { durable, shared, disposable, expiry: { granularityMs } = {}, addedKeys } = value
  const check = (name, member, right, what) => {
    if (member !== undefined && !right) throw notOpened(`${file}: ${name} must be ${what}`)
  }
  check('durable', durable, typeof durable === 'boolean', 'true or false')
  check('shared', shared, typeof shared === 'boolean', 'true or false')
  check('disposable', disposable, typeof disposable === 'boolean', 'true or false')
  check('expiry.granularityMs', granularityMs, typeof granularityMs === 'number' && granularityMs >= 0 && granularityMs <= 3_600_000, 'a number of milliseconds from 0 to 3600000, which is an hour')
  check('addedKeys', addedKeys, Array.isArray(addedKeys) && addedKeys.every(k => typeof k === 'string'), 'a list of names')
  return { durable, shared, disposable, granularityMs, addedKeys }
}

// A module may also export functions of its own. A value under another name was meant for storecheck.
function refuseMisspelt (object, names, file, prefix) {
  const odd = Object.keys(object).find(key => !names.includes(key) && typeof object[key] !== 'function' && key !== 'default')
  if (odd !== undefined) throw notOpened(`${file}: ${prefix}${odd} is nothing that storecheck knows: there is ${names.map(n => prefix + n).join(', ')}`)
}

const isClass = value => /^class\b/.test(Function.prototype.toString.call(value))

function describe (value) {
  if (typeof value === 'function') return `${isClass(value) ? 'the class' : 'the function'} ${value.name} without ${missing(value.prototype).join(', ')}`
  if (typeof value !== 'object' || value === null) return value === undefined ? 'nothing' : `a value of type ${kindOf(value)}`
  const names = Object.keys(value)
  return names.length ? `an object with ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}` : 'an empty object'
}

// The methods of a store.
let needed = ['get', 'set', 'destroy']
const missing = store => needed.filter(name => typeof store?.[name] !== 'function')

const list = names => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

function isStoreClass (value) {
  return typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null && (missing(value.prototype).length === 0 || ownOf(value.prototype) !== undefined)
}

/** Makes one store, within a bounded time. Where named is the name of a profile, a store that is plainly one of another profile is refused. */
export async function open (loaded, session, env, named) {
  let store
  try {
    store = await bounded(attempt(async () => {
      const made = await loaded.open(session, env)
      return isStoreClass(made) ? new made(env.options) : made
    }), openTimeout, 'opening the store')
  } catch (e) {
    throw e instanceof HostError ? e : notOpened(`the factory failed: ${firstLine(e)}${hint(e, loaded.installed)}`, e)
  }
  const other = named && await attempt(() => lookAt(store, named))
  if (other) throw otherProfile(other)
  const lacks = missing(store)
  if (lacks.length === needed.length) throw notOpened(`the factory returned ${describe(store)}, which is no store: a store has the methods ${list(needed)}`)
  if (lacks.length) throw notOpened(`what the factory returned is no store: it has no ${lacks.join(' and no ')}`)
  return store
}

/** Closes a store the module's way. What goes wrong there is thrown as the module threw it. */
export async function close (loaded, store, env) {
  if (loaded.close) await bounded(attempt(() => loaded.close(store, env), 'closed'), closeTimeout, 'closing the store')
}

// An error thrown in the background while a store opens would end an ordinary process, so it ends the opening.
function attempt (work, did = 'opened') {
  return new Promise((resolve, reject) => {
    const opening = {
      method: 'open',
      rejectedWith () {},
      uncaughtIn: e => reject(notOpened(`an uncaught exception or unhandled rejection came while the store ${did}: ${firstLine(e)}`, e))
    }
    watched.add(opening)
    context.run(opening, async () => work()).then(resolve, reject).finally(() => watched.delete(opening))
  })
}

function bounded (promise, ms, what) {
  let timer
  const limit = new Promise((resolve, reject) => {
    timer = after(() => reject(notOpened(`${what} took longer than ${ms / 1000} s`)), ms)
    timer.unref()
  })
  return Promise.race([promise, limit]).finally(() => forget(timer))
}

/** The real express-session: the one beside the module, or else the one that storecheck brought. */
export function express (folder, fallback) {
  return real('express-session', folder, fallback, s => ['Session', 'Cookie', 'Store'].every(name => typeof s?.[name] === 'function'), 'Session, Cookie and Store')
}

/** The real Express, likewise. */
export function framework (folder, fallback) {
  return real('express', folder, fallback, e => typeof e === 'function' && typeof e.Router === 'function', 'Router')
}

/** A package that is beside the module, or else one that storecheck brought. Its exports must be right, which members describes. */
export function real (name, folder, fallback, right, members) {
  for (const from of [folder, fallback]) {
    if (!from) continue
    const require = createRequire(path.join(from, 'x.js'))
    try {
      require.resolve(name)
    } catch {
      continue
    }
    let found
    try {
      found = require(name)
    } catch (e) {
      throw notOpened(`${name}, found from ${from}, cannot be loaded: ${e.message}`, e)
    }
    if (right(found)) return found
    throw notOpened(`what is installed as ${name} in ${from} is not ${name}: it has no ${members}`)
  }
  const installed = fallback ? `, nor in ${fallback}, where storecheck has installed it: run again with --refresh` : ''
  throw notOpened(`${name} was not found from ${folder}${installed || `: run npm install ${name} there`}`)
}

function packageOf (folder) {
  for (let at = folder; ; at = path.dirname(at)) {
    try {
      return JSON.parse(fs.readFileSync(path.join(at, 'package.json'), 'utf8'))
    } catch {}
    if (at === path.dirname(at) || path.basename(at) === 'node_modules') return undefined
  }
}

function explainLoading (file, e) {
  if (e instanceof HostError) return e
  if (e instanceof SyntaxError) {
    const moduleHint = /import statement outside a module|Unexpected token 'export'/.test(e.message)
      ? '; it is an ES module: name it .mjs or write "type": "module" into its package.json'
      : ''
    return notOpened(`${file} is not valid JavaScript: ${syntax(e, file)}${moduleHint}`, e)
  }
  return notOpened(`${file} cannot be loaded: ${firstLine(e)}${hint(e)}`, e)
}

function firstLine (thrown) {
  const { name, message } = fault(thrown)
  return `${name}: ${message}`.split('\n')[0]
}

const notFound = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND']

// What to do about an error. The folder installed, if there is one, has packages that storecheck has installed.
function hint (e, installed) {
  if (/bindings file|\.node\b/.test(e?.message)) return '; native code is built by install scripts, which run with --scripts'
  if (installed && damaged(e, installed)) return '; an installed package is damaged: run again with --refresh'
  if (!notFound.includes(e?.code)) return ''
  return installed ? '; name a package that it needs with --install' : '; install what it needs beside it'
}

// Whether a package lacks something that npm has installed, or holds what is no JavaScript.
function damaged (e, folder) {
  const packages = path.join(folder, 'node_modules') + path.sep
  if (e instanceof SyntaxError || e?.code === 'ERR_INVALID_PACKAGE_CONFIG') return `${e.message} ${e.stack}`.includes(packages)
  if (!notFound.includes(e?.code)) return false
  const asked = /'([^']+)'/.exec(e.message)?.[1] ?? ''
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(asked) ?? ['']
  return asked.startsWith(packages) || String(e.requireStack ?? e.message).includes(packages) || Object.hasOwn(packageOf(folder)?.dependencies ?? {}, name)
}

// Only the command line shows the place of an error in an ES module.
function syntax (e, file) {
  const place = text => /^(?:file:\/\/)?(\/.*|[A-Z]:.*):(\d+)$/m.exec(text ?? '')
  let at = place(e?.stack)
  if (!at && file && e instanceof SyntaxError) at = place(spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 5000 }).stderr)
  return at ? `${e.message} (${at[1]}, line ${at[2]})` : String(e?.message ?? e)
}
