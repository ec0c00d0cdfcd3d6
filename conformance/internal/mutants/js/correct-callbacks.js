'use strict'
const base = require('./base.js')

module.exports = (session, env) => new (base(session))(env)
