#!/usr/bin/env bash
# memjs 1.3.2 still takes set(key, value, callback, end), the arguments of its versions below 1.0, says that they are deprecated, and drops the
# end: what should live for an hour lives as long as the client's option expires says, and for ever without it. sessionstore 1.3.8, which calls it
# so and sets that option to 80, loses every session after 80 seconds, whatever its cookie says. With memjs 0.10.2 both keep to the end.
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

cat >run.cjs <<'END'
const session = require('express-session')
const net = require('net')
const [port, memjs] = process.argv.slice(2)
// How many seconds an item has left, asked of the server by its meta command; -1 is for ever.
const left = (key) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1', () => socket.write(`mg ${key} t\r\n`))
  socket.once('data', (answer) => { resolve(String(answer).trim().slice(4)); socket.destroy() })
})
const hour = { cookie: new session.Cookie({ maxAge: 3600000 }) }
require('sessionstore').createSessionStore({ type: 'memcached', host: '127.0.0.1', port, logger: { log () {} } }, (err, store) => {
  const client = require('memjs').Client.create('127.0.0.1:' + port, { logger: { log () {} } })
  client.set('plain', 'value', () => store.set('id', hour, async () => {
    console.log(`memjs ${memjs}: for 3600 s by memjs: ${await left('plain')}, by sessionstore: ${await left('sess:id')}`)
    process.exit()
  }), 3600)
})
END
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done
for memjs in 0.10.2 1.3.2; do
	npm install --silent --no-audit --no-fund express@4.22.3 express-session@1.19.0 sessionstore@1.3.8 "memjs@$memjs"
	node run.cjs "$port" "$memjs"
done | tee got
diff - got <<'END'
memjs 0.10.2: for 3600 s by memjs: 3600, by sessionstore: 3600
memjs 1.3.2: for 3600 s by memjs: -1, by sessionstore: 80
END
