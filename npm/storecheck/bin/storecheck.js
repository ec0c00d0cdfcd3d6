#!/usr/bin/env node
'use strict'
// Runs the program of storecheck for this machine. It comes with a package of its own for each kind of machine, of which npm installs the one that
// fits: nothing is downloaded or built here.

const { spawn } = require('child_process')
const { constants } = require('os')

const name = `@storecheck/${process.platform}-${process.arch}`
const program = process.platform === 'win32' ? 'storecheck.exe' : 'storecheck'

function find () {
  try {
    return require.resolve(`${name}/bin/${program}`)
  } catch {
    console.error(`storecheck: the package ${name} is not installed.
  npm installs it as an optional dependency: install again without --omit=optional or --no-optional, on this machine rather than on
  another one whose node_modules was copied. If there is no such package for your machine, build storecheck with Go:
    go install github.com/storecheck/storecheck/cmd/storecheck@latest`)
    process.exit(3)
  }
}

const child = spawn(find(), process.argv.slice(2), { stdio: 'inherit' })

// The program ends its own processes when it is told to stop, and needs a moment for that: this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal))
}

child.on('error', error => {
  console.error(`storecheck: ${error.message}`)
  process.exit(3)
})

child.on('exit', (status, signal) => {
  process.exit(status ?? 128 + constants.signals[signal])
})
