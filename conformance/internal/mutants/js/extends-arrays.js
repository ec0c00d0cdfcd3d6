'use strict'
const base = require('./base.js')

Array.prototype.last = function () { return this[this.length - 1] }

module.exports = (session, env) => new (base(session))(env)
