#!/usr/bin/env bash
# Stores on MariaDB and ids that the collation of the server takes for equal. The ids of express-session are base64url, so case matters in
# them. connect-session-knex 5.0.0 and connect-session-sequelize 7.1.7 make their id column with the server's collation, which ignores case
# and spaces at the end: two sessions share one row, and the second set overwrites the first. express-mysql-session 3.0.3 asks for
# utf8mb4_bin, which tells case apart; a space at the end is still ignored.
#
# Needs node, npm and mariadb-server (10.11 when this was written). Exits with 0 while it is so.
set -euo pipefail
command -v mariadbd >/dev/null || { echo "needs mariadb-server" >&2; exit 2; }
dir=$(mktemp -d)
cd "$dir"
user=(); [ "$(id -u)" != 0 ] || user=(--user=root)
mariadb-install-db --no-defaults "${user[@]}" --datadir="$dir/data" --auth-root-authentication-method=normal --skip-test-db >/dev/null 2>&1
mariadbd --no-defaults "${user[@]}" --datadir="$dir/data" --skip-networking --socket="$dir/maria.sock" --pid-file="$dir/pid" >log 2>&1 &
trap 'kill %1; wait; rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund express-session@1.19.0 connect-session-knex@5.0.0 knex@3.3.0 mysql2@3.24.5 \
	connect-session-sequelize@7.1.7 sequelize@6.37.8 express-mysql-session@3.0.3
until mariadb-admin --no-defaults --socket="$dir/maria.sock" -u root --silent ping >/dev/null 2>&1; do sleep 0.1; done
mariadb --no-defaults --socket="$dir/maria.sock" -u root -e 'CREATE DATABASE sessions CHARACTER SET utf8mb4'

cat >run.cjs <<'END'
const session = require('express-session')
const socketPath = process.argv[2]
const call = (store, method, ...args) => new Promise((resolve, reject) => store[method](...args, (err, value) => err ? reject(err) : resolve(value)))
const stores = {
  'connect-session-knex' () {
    const knex = require('knex')({ client: 'mysql2', connection: { socketPath, user: 'root', database: 'sessions' } })
    return new (require('connect-session-knex').ConnectSessionKnexStore)({ knex, createTable: true, cleanupInterval: 0 })
  },
  async 'connect-session-sequelize' () {
    const { Sequelize } = require('sequelize')
    const db = new Sequelize('sessions', 'root', '', { dialect: 'mysql', dialectOptions: { socketPath }, logging: false })
    const store = new (require('connect-session-sequelize')(session.Store))({ db, checkExpirationInterval: -1 })
    await store.sync()
    return store
  },
  async 'express-mysql-session' () {
    const pool = require('mysql2/promise').createPool({ socketPath, user: 'root', database: 'sessions' })
    const store = new (require('express-mysql-session')(session))({ schema: { tableName: 'ems' } }, pool)
    await store.onReady()
    return store
  }
}
;(async () => {
  for (const [name, open] of Object.entries(stores)) {
    const store = await open()
    const expires = new Date(Date.now() + 60000)
    for (const id of ['aBcD', 'AbCd']) await call(store, 'set', id, { cookie: { originalMaxAge: 60000, expires }, id })
    const see = async (id) => { const found = await call(store, 'get', id); return found ? found.id : 'missing' }
    console.log(`${name}: get aBcD → ${await see('aBcD')}, get "aBcD " → ${await see('aBcD ')}, length ${await call(store, 'length')}`)
  }
  process.exit()
})()
END
node run.cjs "$dir/maria.sock" | tee got
diff - got <<'END'
connect-session-knex: get aBcD → AbCd, get "aBcD " → AbCd, length 1
connect-session-sequelize: get aBcD → AbCd, get "aBcD " → AbCd, length 1
express-mysql-session: get aBcD → aBcD, get "aBcD " → aBcD, length 2
END
