'use strict'
const files = require('./files.js')

module.exports = (session, env) => new (files(session))(env)
