// The object form, as the named exports of an ES module.
import good from './good.js'
export const name = 'named'
export const durable = false
export const shared = true
export const disposable = true
export const expiry = { granularityMs: 1000 }
export const addedKeys = ['lastAccess']
export const open = (session, env) => Object.assign(new (good(session))(), { env })
export const close = store => { console.log('closed %s', store.env.namespace) }
