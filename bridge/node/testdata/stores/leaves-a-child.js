// Leaves a child process behind.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  get (id, callback) {
    const child = require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'inherit', detached: true })
    child.unref()
    setImmediate(callback, null, { pid: child.pid })
  }
}
