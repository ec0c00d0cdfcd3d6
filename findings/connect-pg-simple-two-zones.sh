#!/usr/bin/env bash
# connect-pg-simple 10.0.0 on one PostgreSQL database, from two processes whose connections have different time zones (PGTZ, the zone of the
# role, or the TimeZone option). Its column is a timestamp without time zone: the end of a session is stored in the wall time of the
# connection that wrote it, and compared with that of the connection that reads it.
#   written in UTC, read in Tokyo: a session of an hour is missing at once, and the sweep of the process in Tokyo removes it
#   written in UTC, read in New York: a session of one second is still there when it has ended, for hours
#
# Needs node, npm and postgresql (15 when this was written). Exits with 0 while it is so.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
[ -n "$bin" ] || { echo "needs postgresql" >&2; exit 2; }
dir=$(mktemp -d)
cd "$dir"
as=(); [ "$(id -u)" != 0 ] || { as=(runuser -u postgres --); chown postgres "$dir"; }
"${as[@]}" "$bin/initdb" -D "$dir/data" -A trust -U postgres --no-sync >/dev/null
"${as[@]}" "$bin/pg_ctl" -D "$dir/data" -w -o "-F -h '' -k $dir" -l "$dir/log" start >/dev/null
trap '"${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null; rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund express-session@1.19.0 connect-pg-simple@10.0.0 pg@8.23.1

cat >run.cjs <<'END'
const PgStore = require('connect-pg-simple')(require('express-session'))
const { Pool } = require('pg')
const call = (store, method, ...args) => new Promise((resolve, reject) => store[method](...args, (err, value) => err ? reject(err) : resolve(value)))
const open = (zone) => {
  const pool = new Pool({ host: process.argv[2], user: 'postgres', options: '-c TimeZone=' + zone })
  return Object.assign(new PgStore({ pool, createTableIfMissing: true, pruneSessionInterval: false }), { end: () => pool.end() })
}
const lasting = (ms) => ({ cookie: { originalMaxAge: ms, expires: new Date(Date.now() + ms) } })
const see = async (store, id) => await call(store, 'get', id) ? 'there' : 'missing'
;(async () => {
  const utc = open('UTC'); const tokyo = open('Asia/Tokyo'); const newYork = open('America/New_York')
  await call(utc, 'set', 'hour', lasting(3600000))
  await call(utc, 'set', 'second', lasting(1000))
  console.log('an hour, at once: UTC', await see(utc, 'hour') + ', Tokyo', await see(tokyo, 'hour'))
  await new Promise((resolve) => setTimeout(resolve, 2500))
  console.log('a second, after 2.5 s: UTC', await see(utc, 'second') + ', New York', await see(newYork, 'second'))
  await new Promise((resolve) => tokyo.pruneSessions(resolve))
  console.log('an hour, after a sweep in Tokyo: UTC', await see(utc, 'hour'))
  for (const store of [utc, tokyo, newYork]) await store.end()
})()
END
node run.cjs "$dir" | tee got
diff - got <<'END'
an hour, at once: UTC there, Tokyo missing
a second, after 2.5 s: UTC missing, New York there
an hour, after a sweep in Tokyo: UTC missing
END
