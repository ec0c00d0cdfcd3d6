// Prints a lot on standard output.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    for (let i = 0; i < 500; i++) console.log('line %d', i)
    process.stdout.write('{"jsonrpc":"2.0","id":1,"result":{}}\n')
    setImmediate(callback, null)
  }
}
