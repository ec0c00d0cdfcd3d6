'use strict'
const network = require('./network.js')

module.exports = (session, env) => new (network(session))(env)
