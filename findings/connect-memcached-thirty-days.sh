#!/usr/bin/env bash
# connect-memcached 3.0.0: a session whose cookie lives longer than thirty days is missing as soon as it has been set, and set reports
# success. memcached takes a lifetime of more than 2,592,000 seconds for a date since 1970, and the store hands the lifetime on as it is.
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
npm install --silent --no-audit --no-fund express-session@1.19.0 connect-memcached@3.0.0

cat >run.cjs <<'END'
const session = require('express-session')
const MemcachedStore = require('connect-memcached')(session)
const store = new MemcachedStore({ hosts: [process.argv[2]] })
const day = 24 * 60 * 60 * 1000
const look = (days) => new Promise((resolve) => {
  const cookie = new session.Cookie({ maxAge: days * day })
  store.set('id' + days, { cookie }, (failure) => store.get('id' + days, (err, found) => {
    console.log(days, 'days: set', failure || 'ok', 'get', err || (found ? 'the session' : 'missing'))
    resolve()
  }))
})
look(29).then(() => look(31)).then(() => look(400)).then(() => process.exit())
END
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done
node run.cjs "127.0.0.1:$port" | tee got
diff - got <<'END'
29 days: set ok get the session
31 days: set ok get missing
400 days: set ok get missing
END
