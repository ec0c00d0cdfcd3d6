'use strict'
const base = require('./base.js')

module.exports = (session, env) => Object.preventExtensions(new (base(session))(env))
