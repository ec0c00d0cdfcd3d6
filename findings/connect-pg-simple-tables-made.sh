#!/usr/bin/env bash
# connect-pg-simple 10.0.0 with createTableIfMissing makes its table only where it is the first and the only one:
#   two stores with different tables in one schema: the second one never works, as the name of the primary key, session_pkey, is taken
#   four processes that start at once on an empty schema: the CREATE TABLE of some fails, and these stores keep the failure and never
#   work until they are restarted, although the table is there
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
const open = (options) => {
  const pool = new Pool({ host: process.argv[2], user: 'postgres' })
  return Object.assign(new PgStore({ pool, createTableIfMissing: true, pruneSessionInterval: false, ...options }), { pool })
}
const set = (store) => new Promise((resolve) => store.set('id', { cookie: { originalMaxAge: null, expires: null } }, (err) => resolve(err ? err.message : 'ok')))
;(async () => {
  const first = open({ tableName: 'first' }); const second = open({ tableName: 'second' })
  console.log('first table:', await set(first))
  console.log('second table:', await set(second), '| again:', await set(second))
  for (let schema = 0; ; schema++) { // a race: some schemas are made without a loser
    await first.pool.query(`CREATE SCHEMA s${schema}`)
    const four = [1, 2, 3, 4].map(() => open({ schemaName: `s${schema}` }))
    await Promise.all(four.map((store) => store.pool.query('SELECT 1'))) // connected
    const failed = (answers) => answers.filter((answer) => answer !== 'ok').length
    const atOnce = failed(await Promise.all(four.map(set)))
    const later = failed(await Promise.all(four.map(set)))
    for (const store of four) await store.pool.end()
    if (atOnce > 0 || schema === 20) {
      console.log('four at once, sets that fail:', atOnce > 0 ? 'some' : 'none', '| later:', later === atOnce ? 'the same' : 'others')
      break
    }
  }
  await first.pool.end(); await second.pool.end()
})()
END
node run.cjs "$dir" | tee got
diff - got <<'END'
first table: ok
second table: relation "session_pkey" already exists | again: relation "session_pkey" already exists
four at once, sets that fail: some | later: the same
END
