// A server that ends connections which are idle for 5 s, or a client that keeps its connection. Either answers each line; the client asks the
// server for the line "call", on the connection that it has, and never twice.
const http = require('http')
const [port] = process.argv.slice(2)
const say = more => console.log(JSON.stringify({ now: Date.now(), ...more }))
const lines = require('readline').createInterface({ input: process.stdin })
if (port === undefined) {
  const server = http.createServer((req, res) => res.end('x'))
  server.keepAliveTimeout = 5000
  server.keepAliveTimeoutBuffer = 0
  server.listen(0, '127.0.0.1')
  lines.on('line', () => say({ port: server.address().port }))
} else {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  lines.on('line', line => {
    if (line !== 'call') return say()
    const req = http.get({ port, host: '127.0.0.1', agent }, res => res.resume().on('end', () => say({ reused: req.reusedSocket })))
    req.on('error', err => say({ error: err.code }))
  })
}
