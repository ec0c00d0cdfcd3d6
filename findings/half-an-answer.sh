#!/usr/bin/env bash
# redis 4.7.1 and memjs 1.3.2: after a connection that was lost in the middle of an answer, the beginning of what the next connection answers is
# taken for the rest of it. redis 4 answers the next get with a wrong text, in which bytes of the protocol stand, and after that nothing at all,
# though it says that it is ready. memjs answers nothing, or with errors, for good. redis 6.3.1 begins anew with each connection.
#
# Needs node, npm, redis-server and memcached (7.0.15 and 1.6.18 when this was written). Exits with 0 while it is so.
set -euo pipefail
for command in redis-server memcached; do command -v "$command" >/dev/null || { echo "needs $command" >&2; exit 2; }; done
dir=$(mktemp -d)
cd "$dir"
user=(); [ "$(id -u)" != 0 ] || user=(-u nobody)
free() { node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close() })"; }
redis=$(free) memcached=$(free)
redis-server --bind 127.0.0.1 --port "$redis" --save '' --appendonly no >/dev/null &
memcached "${user[@]}" -l 127.0.0.1 -p "$memcached" -U 0 &
trap 'kill %1 %2; wait; rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund redis-4@npm:redis@4.7.1 redis-6@npm:redis@6.3.1 memjs@1.3.2

cat >run.cjs <<'END'
const net = require('net')

// A way to a server that is cut in the middle of the next answer when cut.next is set.
const proxy = (port) => new Promise((resolve) => {
  const cut = { next: false }
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1')
    for (const [socket, other] of [[client, upstream], [upstream, client]]) socket.on('error', () => {}).on('close', () => other.destroy())
    client.pipe(upstream)
    upstream.on('data', (answer) => {
      if (!cut.next) return client.write(answer)
      cut.next = false
      client.write(answer.subarray(0, answer.length / 2), () => setTimeout(() => client.resetAndDestroy(), 50))
    })
  }).listen(0, '127.0.0.1', () => resolve({ cut, port: server.address().port }))
})

const within = (answer) => Promise.race([
  answer.then((value) => value === 'B'.repeat(100) ? 'its value' : `${JSON.stringify(value.slice(0, 7))} and ${value.length - 7} more`, () => 'no answer'), // but an error
  new Promise((resolve) => setTimeout(resolve, 5000, 'no answer'))
])

const look = async (name, way, set, get) => {
  await set('a', 'A'.repeat(100))
  await set('b', 'B'.repeat(100))
  way.cut.next = true
  await within(get('a'))
  const answers = []
  for (let n = 0; n < 3; n++) answers.push(await within(get('b')))
  console.log(`${name}: get b → ${answers.join(', ')}`)
}

(async () => {
  for (const name of ['redis-4', 'redis-6']) {
    const way = await proxy(process.argv[2])
    const client = require(name).createClient({ url: `redis://127.0.0.1:${way.port}` }).on('error', () => {})
    await client.connect()
    await look(name, way, (key, value) => client.set(key, value), (key) => client.get(key))
  }
  const way = await proxy(process.argv[3])
  const client = require('memjs').Client.create(`127.0.0.1:${way.port}`, { logger: { log () {} } })
  await look('memjs', way, (key, value) => client.set(key, value, {}), async (key) => (await client.get(key)).value.toString())
  process.exit()
})()
END
for port in "$redis" "$memcached"; do until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done; done
node run.cjs "$redis" "$memcached" | tee got
diff - got <<'END'
redis-4: get b → "100\r\nBB" and 45 more, no answer, no answer
redis-6: get b → its value, its value, its value
memjs: get b → no answer, no answer, no answer
END
