#!/usr/bin/env bash
# A store that hands the middleware's live session to a database which copies members, as NeDB does, keeps the end of the cookie as _expires: expires
# is a getter of Cookie, and is not copied. express-session 1.19.0 takes such a session as well as one with expires, as long as _expires comes back
# as a date: it makes a new Cookie of every member that it is given. express-nedb-session 0.1.1 lives by that. A database that gives a text back
# instead, as one that keeps JSON does, shows no error either, because each request moves the end at its end; but in the page cookie.maxAge, a
# number of milliseconds, is that text, for only a text in expires is made a date.
#
# Needs node 20 and npm. Exits with 0 while it is so.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund express@4.22.3 express-session@1.19.0 express-nedb-session@0.1.1

cat >run.cjs <<'END'
const express = require('express')
const session = require('express-session')
const NedbStore = require('express-nedb-session')(session)

// Keeps the members of a session, or the JSON text of these, and nothing of the getters.
class Members extends session.Store {
  constructor (copy) { super(); this.copy = copy; this.rows = {} }
  set (id, s, done) { this.rows[id] = this.copy({ n: s.n, cookie: { ...s.cookie } }); setImmediate(done) }
  get (id, done) { setImmediate(done, null, this.rows[id]) }
  destroy (id, done) { delete this.rows[id]; setImmediate(done) }
}

// The second of two pages: what it sees, and whether its cookie has an end for the browser.
async function pages (store) {
  const app = express().use(session({ store, secret: 's', resave: false, rolling: true, saveUninitialized: true, cookie: { maxAge: 60000 } }))
  app.get('/', (req, res) => { req.session.n = (req.session.n || 0) + 1; res.send(`${req.session.n}, maxAge is a ${typeof req.session.cookie.maxAge}`) })
  app.use((err, req, res, next) => res.status(500).send(err.message))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  const url = 'http://127.0.0.1:' + server.address().port
  const first = await fetch(url)
  const second = await fetch(url, { headers: { cookie: first.headers.get('set-cookie').split(';')[0] } })
  const answer = `${second.status}, page ${await second.text()}, with an end: ${/expires=/i.test(second.headers.get('set-cookie'))}`
  server.close()
  return answer
}

const nedb = new NedbStore({ filename: 'sessions.nedb' }, async () => {
  console.log('_expires is a date:', await pages(new Members(structuredClone)))
  console.log('express-nedb-session:', await pages(nedb))
  console.log('_expires is a text:', await pages(new Members((s) => JSON.parse(JSON.stringify(s)))))
  process.exit()
})
END
NODE_ENV=test node run.cjs 2>/dev/null | tee got
diff - got <<'END'
_expires is a date: 200, page 2, maxAge is a number, with an end: true
express-nedb-session: 200, page 2, maxAge is a number, with an end: true
_expires is a text: 200, page 2, maxAge is a string, with an end: true
END
