#!/usr/bin/env bash
# connect-redis meets a client of another generation. npm installs connect-redis 7.1.1 and 8.1.0 beside redis 5 without a word, as their peer
# dependencies name no client. In redis 5 scanIterator yields lists of keys; these stores take a list for a key. get and set work, so the
# mistake shows only in what goes over all sessions:
#   connect-redis 8.1.0 with redis 5.12.1: five sessions have the length 1, and all and clear fail
#   connect-redis 9.0.0 with redis 4.7.1:  a key is taken for a list, so that length counts the different characters of all keys; all is
#                                          empty; clear says that it succeeded and removes nothing
#   connect-redis 9.0.0 with redis 5.12.1: right
#
# Needs node, npm and redis-server (7.0.15 when this was written). Exits with 0 while it is so.
set -euo pipefail
command -v redis-server >/dev/null || { echo "needs redis-server" >&2; exit 2; }
dir=$(mktemp -d)
cd "$dir"
redis-server --port 0 --unixsocket "$dir/redis.sock" --save '' --appendonly no >redis.log &
trap 'kill %1; wait; rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --legacy-peer-deps express-session@1.19.0 \
	store8@npm:connect-redis@8.1.0 store9@npm:connect-redis@9.0.0 redis4@npm:redis@4.7.1 redis5@npm:redis@5.12.1

cat >run.cjs <<'END'
const call = (store, method, ...args) => new Promise((resolve, reject) => store[method](...args, (err, value) => err ? reject(err) : resolve(value)))
async function look (store8or9, redis4or5) {
  const client = require(redis4or5).createClient({ socket: { path: process.argv[2] } })
  await client.connect()
  const prefix = store8or9 + redis4or5 + ':'
  const store = new (require(store8or9).RedisStore)({ client, prefix })
  for (const id of 'abcde') await call(store, 'set', id, { cookie: { originalMaxAge: null, expires: null } })
  const tell = (method) => call(store, method).then((value) => value?.length ?? value ?? 'ok', () => 'error')
  console.log(store8or9, redis4or5, 'length', await tell('length'), 'all', await tell('all'), 'clear', await tell('clear'),
    'then', await call(store, 'get', 'a') ? 'all are there' : 'none is there')
  await client.quit()
}
look('store8', 'redis5').then(() => look('store9', 'redis4')).then(() => look('store9', 'redis5'))
END
until [ -S redis.sock ]; do sleep 0.05; done
node run.cjs "$dir/redis.sock" | tee got
diff - got <<'END'
store8 redis5 length 1 all error clear error then all are there
store9 redis4 length 13 all 0 clear ok then all are there
store9 redis5 length 5 all 5 clear ok then none is there
END
