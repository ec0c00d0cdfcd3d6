#!/usr/bin/env bash
# Stores that are told to sweep every thirty days sweep as fast as they can. Node's timers end at 2^31 - 1 ms, some 24.8 days; a longer
# interval is taken for 1 ms, with a TimeoutOverflowWarning on stderr. Each of these stores hands its option on to setInterval or setTimeout
# unchecked, and sends a DELETE to the database for each time:
#   connect-session-knex 5.0.0, cleanupInterval · connect-session-sequelize 7.1.7, checkExpirationInterval ·
#   express-mysql-session 3.0.3, checkExpirationInterval
# Their options count milliseconds, so thirty days are 2,592,000,000.
#
# Needs node, npm and mariadb-server (10.11 when this was written; 45, 90 and 150 sweeps a second were seen). Exits with 0 while it is so.
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
const [socketPath, name] = process.argv.slice(2)
const thirtyDays = 30 * 24 * 60 * 60 * 1000
let sweeps = 0
const stores = {
  'connect-session-knex' () {
    const knex = require('knex')({ client: 'mysql2', connection: { socketPath, user: 'root', database: 'sessions' } })
    knex.on('query', ({ sql }) => { if (/^delete/i.test(sql)) sweeps++ })
    new (require('connect-session-knex').ConnectSessionKnexStore)({ knex, createTable: true, cleanupInterval: thirtyDays })
  },
  async 'connect-session-sequelize' () {
    const { Sequelize } = require('sequelize')
    const logging = (sql) => { if (/delete/i.test(sql)) sweeps++ }
    const db = new Sequelize('sessions', 'root', '', { dialect: 'mysql', dialectOptions: { socketPath }, logging })
    await new (require('connect-session-sequelize')(session.Store))({ db, checkExpirationInterval: thirtyDays }).sync()
  },
  'express-mysql-session' () {
    const Store = require('express-mysql-session')(session)
    const query = Store.prototype.clearExpiredSessions
    Store.prototype.clearExpiredSessions = function (...args) { sweeps++; return query.apply(this, args) }
    const pool = require('mysql2/promise').createPool({ socketPath, user: 'root', database: 'sessions' })
    new Store({ checkExpirationInterval: thirtyDays, schema: { tableName: 'ems' } }, pool)
  }
}
stores[name]()
setTimeout(() => {
  console.log(name, sweeps > 20 ? 'sweeps all the time' : 'does not')
  process.exit()
}, 4000)
END
for name in connect-session-knex connect-session-sequelize express-mysql-session; do
	node --no-warnings run.cjs "$dir/maria.sock" "$name"
done | tee got
diff - got <<'END'
connect-session-knex sweeps all the time
connect-session-sequelize sweeps all the time
express-mysql-session sweeps all the time
END
