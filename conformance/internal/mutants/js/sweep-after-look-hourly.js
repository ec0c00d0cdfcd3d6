'use strict'
const sweep = require('./sweep-after-look.js')

module.exports = (session, env) => new (sweep(session))(env)
