// Defines generate itself.
const good = require('./good.js')

module.exports = session => class extends good(session) {
  generate (request) {}
}
