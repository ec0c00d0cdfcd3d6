'use strict'
const base = require('./base.js')
const secondCopy = require('./second-copy.js')

// Its package brings its own copy of express-session, as in a monorepo or with npm link: the sessions are instances of that copy's Session.
module.exports = (session, env) => new (base(secondCopy(session)))(env)
