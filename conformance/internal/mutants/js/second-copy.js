'use strict'
const path = require('node:path')

/** Loads express-session once more, as where a store package brings its own copy: no class of the one is a class of the other. */
module.exports = session => {
  const first = Object.values(require.cache).find(module => module.exports === session)
  const folder = path.dirname(first.filename) + path.sep
  const loaded = Object.entries(require.cache).filter(([file]) => file.startsWith(folder))
  for (const [file] of loaded) delete require.cache[file]
  const second = first.require(first.filename)
  for (const [file, module] of loaded) require.cache[file] = module
  return second
}
