#!/usr/bin/env bash
# connect-redis 8.1.0 with ioredis 5.8.2 whose client has a keyPrefix: get, set and destroy work, and clear says that it succeeded, but every
# session is still there. length is 0 and all is empty. ioredis puts the keyPrefix before the keys of GET, SET and DEL; the pattern
# of SCAN is no key, so the scan of connect-redis looks for keys without it and finds none.
# Without a keyPrefix, with the same prefix in the store instead, all of them work.
#
# Needs node, npm and redis-server (7.0.15 when this was written). Exits with 0 while it is so.
set -euo pipefail
command -v redis-server >/dev/null || { echo "needs redis-server" >&2; exit 2; }
dir=$(mktemp -d)
cd "$dir"
redis-server --port 0 --unixsocket "$dir/redis.sock" --save '' --appendonly no >redis.log &
trap 'kill %1; wait; rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --legacy-peer-deps express-session@1.19.0 connect-redis@8.1.0 ioredis@5.8.2

cat >run.cjs <<'END'
const Redis = require('ioredis')
const { RedisStore } = require('connect-redis')
const call = (store, method, ...args) => new Promise((resolve, reject) => store[method](...args, (err, value) => err ? reject(err) : resolve(value)))
async function look (title, client, prefix) {
  const store = new RedisStore({ client, prefix })
  for (const id of ['one', 'two', 'three']) await call(store, 'set', id, { cookie: { originalMaxAge: null, expires: null }, id })
  console.log(title)
  console.log('  length', await call(store, 'length'), 'all', (await call(store, 'all')).length)
  await call(store, 'clear')
  console.log('  get after clear', await call(store, 'get', 'two') ? 'a session' : 'none')
  await client.quit()
}
const path = process.argv[2]
look('keyPrefix of the client', new Redis({ path, keyPrefix: 'app:' }), 'session:')
  .then(() => look('prefix of the store', new Redis({ path }), 'other:session:'))
END
until [ -S redis.sock ]; do sleep 0.05; done
node run.cjs "$dir/redis.sock" | tee got
diff - got <<'END'
keyPrefix of the client
  length 0 all 0
  get after clear a session
prefix of the store
  length 3 all 3
  get after clear none
END
