// Holds express-session stores for storecheck and answers newline-delimited JSON-RPC on standard input and output.
// node --expose-gc host.mjs CONFIG_FILE
import { readFileSync } from 'node:fs'
import { bench } from './bench.mjs'
import { waitsForAnswer, watchConnections } from './connections.mjs'
import { context, events, fault, listen, note } from './faults.mjs'
import { watchEnvironment } from './environment.mjs'
import { generator } from './express.mjs'
import { close, express, framework, introduce, load, open } from './load.mjs'
import { watchedOptions } from './options.mjs'
import { inspectPrototypes } from './prototypes.mjs'
import { watchedEnv } from './place.mjs'
import { rememberOwn } from './resources.mjs'
import { change, isObject } from './session.mjs'
import { serve, unserve, unserveAll } from './site.mjs'
import { serveOther } from './site_other.mjs'
import { handles, start, text } from './store.mjs'
import { calledFirst, watchTimers } from './timers.mjs'
import { HostError, answer, badParams, cannot, divertOutput, flush, lastWords, refuse, unknown, unknownMethod } from './wire.mjs'

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'))
// Stores under test replace the clock now and then.
const { now } = Date
/** How another middleware than express-session speaks to a store; see profile_fastify.mjs. */
const profile = config.profile ? await import(`./${config.profile}.mjs`) : undefined
const environment = watchEnvironment()
const instances = new Map()
const surfaces = new WeakMap()
let lastInstance = 0
let loading

const features = {
  callbacks: true, handles: true, expressions: true, express: !profile, events: true, resources: true, http: !profile || Boolean(profile.site), place: true, timers: true, bench: !profile,
  ...profile?.features
}

const requests = {
  async hello ({ protocol }) {
    if (protocol !== 1) throw new HostError(4, `this host speaks protocol 1, not ${protocol}`)
    const { name, version, homepage, issues, properties = {} } = await introduce(loading ??= load(config, profile), config)
    return JSON.stringify({ protocol: 1, name, version, language: 'javascript', runtime: `node ${process.versions.node}`, homepage, issues, features, properties })
  },

  async open (params) {
    try {
      return await openStore(params)
    } catch (e) {
      if (e instanceof HostError) e.data = { ...e.data, missing: environment.missing() }
      throw e
    }
  },

  async close (params) {
    const instance = instanceOf(params)
    instances.delete(params.instance)
    unserveAll(instance)
    try {
      await close(instance.loaded, instance.store, instance.env)
      return '{}'
    } catch (thrown) {
      return JSON.stringify({ thrown: fault(thrown instanceof HostError ? new Error(thrown.message) : thrown) })
    }
  },

  place (params) {
    const { hasRead } = instanceOf(params)
    return JSON.stringify({ namespace: hasRead('namespace'), dir: hasRead('dir'), backend: hasRead('backend') })
  },

  async serve ({ instance, ...options }) {
    const found = instanceOf({ instance })
    calledFirst()
    const app = profile ? undefined : framework(found.loaded.folder, config.express)
    try {
      return JSON.stringify({ url: profile ? await serveOther(found, options) : await serve(found, app, options) })
    } catch (thrown) {
      return JSON.stringify({ thrown: fault(thrown) })
    }
  },

  bench: params => bench(instanceOf(params), params),

  unserve ({ url }) {
    unserve(url)
    return '{}'
  },

  change ({ handle, path, value }) {
    change(live(handle), path, value)
    return '{}'
  },

  read ({ handle }) {
    const value = text(live(handle))
    if (value === undefined) throw cannot(`the object behind ${handle} has no JSON text`)
    return `{"value":${value}}`
  },

  events () {
    inspectPrototypes()
    return JSON.stringify({ events: events() })
  },

  ping: () => `{"now":${now()}${waitsForAnswer() ? ',"busy":true' : ''}}`
}

async function openStore (params) {
  const loaded = await (loading ??= load(config, profile))
  inspectPrototypes({ method: 'open' })
  const middleware = profile?.load(loaded.folder, config.express)
  const session = middleware && !config.expressFactory ? middleware.given : express(loaded.folder, config.express)
  const { env, hasRead } = watchedEnv({
    dir: params.dir,
    backend: params.backend ?? {},
    namespace: params.namespace,
    secret: params.secret,
    options: watchedOptions({ ...config.options, ...params.options })
  })
  const store = await open(loaded, session, env, config.look)
  environment.stop()
  inspectPrototypes({ method: 'open' })
  const instance = { store, env, hasRead, loaded, express: session, profile, middleware }
  const name = String(++lastInstance)
  const surface = setUp(instance, name)
  instances.set(name, instance)
  const has = method => (profile?.madeOf?.[method] ?? [method]).every(name => typeof store[name] === 'function') && (!profile || Object.hasOwn(profile.methods, method))
  return JSON.stringify({
    instance: name,
    capabilities: { touch: has('touch'), all: has('all'), clear: has('clear'), length: has('length') },
    surface
  })
}

function instanceOf ({ instance }) {
  const found = instances.get(instance)
  if (!found) throw unknown(`there is no open instance ${instance}`)
  return found
}

function live (handle) {
  const value = handles.get(handle)
  if (!value) throw unknown(`there is no live object ${handle}`)
  return value
}

// The names of the open instances that are this store; undefined when it is closed.
function openingsOf (store) {
  const names = [...instances].filter(([, instance]) => instance.store === store).map(([name]) => name)
  return names.length ? names : undefined
}

// Does with a store what express-session does when the middleware is made, and looks at it before. A module may return the same store for
// every opening.
function setUp ({ store, express: session, profile }, name) {
  if (surfaces.has(store)) return surfaces.get(store)
  const emitter = typeof store.on === 'function' && typeof store.emit === 'function'
  const surface = {
    emitter,
    extensible: Object.isExtensible(store),
    generate: 'generate' in store,
    class: String(store.constructor?.name ?? '')
  }
  surfaces.set(store, surface)
  if (!profile) Reflect.set(store, 'generate', generator(session))
  if (!profile && typeof store.on === 'function') {
    store.on('disconnect', () => {})
    store.on('connect', () => {})
  }
  // A listener for error would keep the error from ending the process, as it does in production. So emit is observed instead.
  if (emitter) {
    const emit = store.emit
    Reflect.defineProperty(store, 'emit', {
      configurable: true,
      writable: true,
      value (kind, ...args) {
        const unheard = kind === 'error' && !this.listenerCount?.('error')
        if (kind === 'connect' || kind === 'disconnect' || unheard) {
          const thrown = args.length && args[0] !== undefined ? fault(args[0]) : undefined
          for (const opening of openingsOf(store) ?? [name]) note(kind, context.getStore(), thrown, undefined, opening)
        }
        return emit.call(this, kind, ...args)
      }
    })
  }
  return surface
}

function receive (line) {
  let request
  try {
    request = JSON.parse(line)
  } catch (e) {
    refuse(null, new HostError(-32700, `a request is not JSON: ${e.message}`))
    return
  }
  const { id, method, params = {} } = request ?? {}
  try {
    if (!isObject(params)) throw badParams('params must be an object')
    if (method === 'call') {
      start(id, instanceOf(params), params, params.argument && live(params.argument))
      return
    }
    if (!Object.hasOwn(requests, method)) throw unknownMethod(method)
    const result = requests[method](params)
    if (typeof result === 'string') answer(id, result)
    else result.then(text => answer(id, text), e => refuse(id, e))
  } catch (e) {
    refuse(id, e)
  }
}

let parts = []

function read (chunk) {
  let from = 0
  for (let to; (to = chunk.indexOf('\n', from)) >= 0; from = to + 1) {
    let line = chunk.slice(from, to)
    if (parts.length) {
      line = parts.join('') + line
      parts = []
    }
    if (line) receive(line)
  }
  if (from < chunk.length) parts.push(chunk.slice(from))
  flush()
}

// Stores under test replace the global timers now and then.
const { setTimeout: after } = globalThis
const reallyExit = process.exit
let leaving = false

async function leave () {
  leaving = true
  const closing = [...instances.values()].filter(i => i.loaded.close).map(i => close(i.loaded, i.store, i.env).catch(() => {}))
  if (closing.length) {
    // This needs a timer of its own: maybe nothing else keeps the process going.
    await Promise.race([Promise.all(closing), new Promise(resolve => after(resolve, 2000))])
  }
  flush()
  reallyExit(0)
}

divertOutput()
listen()
process.exit = code => {
  const here = new Error('exit')
  Error.captureStackTrace(here, process.exit)
  const by = fault(here).stack
  lastWords(`the store called process.exit(${code ?? ''})${by ? '\n' + by : ''}`)
  leaving = true
  reallyExit(code)
}
process.on('exit', code => {
  if (!leaving) lastWords(`the process ended by itself with code ${code}`)
  flush()
})
process.stdin.setEncoding('utf8')
process.stdin.on('data', read)
process.stdin.on('end', leave)
process.stdin.on('error', leave)
void process.stderr
rememberOwn()
watchTimers()
watchConnections()
