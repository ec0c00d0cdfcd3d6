// The npm package memorystore as express-session's middleware uses it, measured inside one process of Node:
//
//	node npm.cjs SESSIONS BYTES ROUNDS
//
// prints {"get": [[wall, cpu], …], "set": …, …} in nanoseconds a call, one pair a round. A get hands out the session that the middleware makes
// of it, with its Cookie, and one value of it is read; change+set is of a session in which one value has changed, renew+touch of one whose
// cookie lives anew.
'use strict'
const session = require('express-session')
const Store = require('memorystore')(session)

const [count, bytes, rounds] = process.argv.slice(2).map(Number)
const store = new Store({ max: count })
const calls = 30_000
// Callbacks come by setImmediate: that many calls share one turn, so that it is the store that is measured.
const batch = 100

const ids = Array.from({ length: count }, (_, i) => i.toString(16).padStart(32, '0'))
const draw = () => ids[Math.floor(Math.random() * count)]

// A request, as far as a store and a session look at it.
const request = (id) => ({ sessionID: id, sessionStore: store })

function fresh (id) {
  const req = request(id)
  store.generate(req)
  req.session.cookie.maxAge = 3600000
  Object.assign(req.session, { user: 'Ada Lovelace', views: 42, roles: ['admin', 'editor'], text: '' })
  req.session.text = 'x'.repeat(bytes - JSON.stringify(req.session).length)
  return req.session
}
// What the middleware adds to a store.
store.generate = (req) => {
  req.session = new session.Session(req)
  req.session.cookie = new session.Cookie()
}

const kept = Array.from({ length: 256 }, (_, i) => fresh(ids[i % count]))
const call = {
  get: (id, _, done) => store.get(id, (err, found) => {
    const s = found && store.createSession(request(id), found)
    done(err || (s && s.cookie.maxAge > 0 && s.user === 'Ada Lovelace' ? null : new Error('not the session that was set')))
  }),
  set: (id, i, done) => store.set(id, kept[i % kept.length], done),
  touch: (id, i, done) => store.touch(id, kept[i % kept.length], done),
  'change+set': (id, i, done) => {
    kept[i % kept.length].views = i
    call.set(id, i, done)
  },
  'renew+touch': (id, i, done) => {
    kept[i % kept.length].touch()
    call.touch(id, i, done)
  }
}

async function round (one) {
  const order = Array.from({ length: calls }, draw)
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  for (let i = 0; i < calls; i += batch) {
    await new Promise((resolve, reject) => {
      let left = batch
      const done = (err) => { if (err) reject(err); else if (--left === 0) resolve() }
      for (let j = i; j < i + batch; j++) one(order[j], j, done)
    })
  }
  const wall = Number(process.hrtime.bigint() - start)
  const used = process.cpuUsage(cpu)
  return [wall / calls, (used.user + used.system) * 1000 / calls]
}

(async () => {
  for (const id of ids) await new Promise((resolve, reject) => store.set(id, fresh(id), (err) => err ? reject(err) : resolve()))
  const result = {}
  for (const name in call) {
    await round(call[name]) // compiled by then
    result[name] = []
    for (let i = 0; i < rounds; i++) result[name].push(await round(call[name]))
  }
  process.stdout.write(JSON.stringify(result) + '\n')
})().catch((err) => { console.error(err); process.exit(1) })
