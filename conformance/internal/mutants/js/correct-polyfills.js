'use strict'
const base = require('./base.js')

// It adds to the prototypes as a polyfill does: no loop meets the additions, and what they replace works as before.
const { at } = Array.prototype
for (const [prototype, name, value] of [
  [Array.prototype, 'last', function last () { return this[this.length - 1] }],
  [Object.prototype, 'isEmpty', function isEmpty () { return Object.keys(this).length === 0 }],
  [Array.prototype, 'at', { at (index) { return at.call(this, index) } }.at],
  [Promise.prototype, 'done', function done () { return this.then(() => {}) }]
]) Object.defineProperty(prototype, name, { value, configurable: true, writable: true })

class List extends Array {}
List.prototype.first = function () { return this[0] }
const own = Object.create(Object.prototype)
own.kind = 'own'
Reflect.metadata = () => {}

module.exports = (session, env) => new (class extends base(session) {
  live () {
    const rows = super.live()
    return rows.isEmpty() || rows.last() === rows.at(-1) ? List.from(rows) : rows
  }
})(env)
