#!/usr/bin/env bash
# memcached 1.6.18 removes the session that a set should have replaced when it refuses the set for its size. The application is told that its
# change was not stored, and its user is logged out. connect-memjs 0.2.1 leaves the size to the server and shows it; connect-memcached 3.0.0,
# whose client refuses such a session before it sends it, keeps the old one.
#
# Needs node, npm and memcached (1.6.18 when this was written). Exits with 0 while it is so.
set -euo pipefail
command -v memcached >/dev/null || { echo "needs memcached" >&2; exit 2; }
dir=$(mktemp -d)
cd "$dir"
user=(); [ "$(id -u)" != 0 ] || user=(-u nobody)
port=$(node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close() })")
memcached "${user[@]}" -l 127.0.0.1 -p "$port" -U 0 &
trap 'kill %1; wait; rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund express-session@1.19.0 connect-memjs@0.2.1 memjs@1.3.2 connect-memcached@3.0.0

cat >run.cjs <<'END'
const session = require('express-session')
const server = process.argv[2]
const stores = {
  'connect-memjs': new (require('connect-memjs')(session))({ servers: [server], logger: { log () {} } }),
  'connect-memcached': new (require('connect-memcached')(session))({ hosts: [server] })
}
const call = (store, method, ...args) => new Promise((resolve) => store[method](...args, (err, found) => resolve(err ? 'refused' : found)))
;(async () => {
  const cookie = new session.Cookie({ maxAge: 60000 })
  for (const [name, store] of Object.entries(stores)) {
    await call(store, 'set', name, { cookie, cart: 'tea' })
    const large = await call(store, 'set', name, { cookie, cart: 'x'.repeat(2 << 20) })
    const found = await call(store, 'get', name)
    console.log(`${name}: a set of 2 MB is ${large}, and get finds ${found ? found.cart : 'nothing'}`)
  }
  process.exit()
})()
END
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done
node run.cjs "127.0.0.1:$port" | tee got
diff - got <<'END'
connect-memjs: a set of 2 MB is refused, and get finds nothing
connect-memcached: a set of 2 MB is refused, and get finds tea
END
