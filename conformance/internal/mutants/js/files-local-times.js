'use strict'
const fs = require('node:fs/promises')
const files = require('./files.js')

const two = number => String(number).padStart(2, '0')

/** A time as databases write it: without its zone. */
function local (date) {
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

module.exports = (session, env) => new (class extends files(session) {
  async write (id, text) {
    const { expires } = JSON.parse(text).cookie
    await super.write(id, JSON.stringify({ ends: expires ? local(new Date(expires)) : null, text }))
  }

  async readFile (file) {
    try {
      const { ends, text } = JSON.parse(await fs.readFile(file, 'utf8'))
      return ends && new Date(ends) <= new Date() ? null : JSON.parse(text)
    } catch (error) {
      if (error.code === 'ENOENT') return null
      throw error
    }
  }
})(env)
