// Says of which middleware a store plainly is, by its methods and by how it answers. Where that is not plain it says nothing.

const { setTimeout: after, clearTimeout: forget } = globalThis

// How long the store may take to answer, in milliseconds.
const patience = 2000
const neverSet = 'storecheckNeverSetsThisSessionID'

// Methods that only the stores of one middleware have.
const own = [
  ['@shopify/shopify-app-session-storage', ['storeSession', 'loadSession', 'deleteSession']],
  ['hono-sessions', ['getSessionById', 'createSession', 'persistSessionData', 'deleteSession']],
  ['unstorage', ['getItem', 'setItem', 'removeItem']],
  ['keyv', ['get', 'set', 'delete', 'has', 'disconnect']]
]

const promising = ['@mgcrea/fastify-session', 'koa-session', 'koa-generic-session']

/** The profile and the methods of a store, or of the prototype of a class, that has those of one middleware alone; otherwise undefined. */
export const ownOf = store => own.find(([, methods]) => methods.every(name => typeof store?.[name] === 'function'))

/** Returns {profile, because} if the store is plainly one of another middleware than that of the profile named, otherwise undefined. */
export async function lookAt (store, named) {
  const has = name => typeof store?.[name] === 'function'
  const found = ownOf(store)
  if (found) {
    const [profile, methods] = found
    return profile === named ? undefined : { profile, because: `it has the methods ${methods.join(', ')}` }
  }
  if (!['get', 'set', 'destroy'].every(has)) return undefined
  const ofExpress = has('createSession') && has('regenerate')
  if (ofExpress) {
    return promising.includes(named) && await wayOf(store) === 'callbacks'
      ? { profile: 'express-session', because: "it extends express-session's Store, and its get calls back" }
      : undefined
  }
  const way = await wayOf(store)
  if (way === 'promises' && !promising.includes(named)) {
    const because = 'its get returns a promise and calls no callback'
    return has('touch') || has('on')
      ? { profile: '@mgcrea/fastify-session', because: `${because}, and it has ${has('touch') ? 'touch' : 'on'}` }
      : { profile: 'koa-session', because }
  }
  if (way === 'callbacks' && named !== '@fastify/session') {
    return named === 'express-session'
      ? { profile: '@fastify/session', because: 'it calls back, and it has no createSession, without which express-session cannot use it' }
      : { profile: '@fastify/session', because: 'its get calls back' }
  }
  return undefined
}

// How get of a missing session answers: with callbacks, promises, or in no way that can be seen.
function wayOf (store) {
  return new Promise(resolve => {
    const timer = after(() => resolve(undefined), patience)
    const end = way => {
      forget(timer)
      resolve(way)
    }
    try {
      const answer = store.get(neverSet, () => end('callbacks'))
      // A store that does both calls back for those who wait for callbacks.
      if (typeof answer?.then === 'function') answer.then(() => after(() => end('promises'), 100), () => end(undefined))
    } catch {
      end(undefined)
    }
  })
}
