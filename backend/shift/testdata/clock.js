// Answers each line with what the process knows of the time.
const fs = require('fs')
const { performance } = require('perf_hooks')
const file = process.argv[2]
let ticks = 0
setInterval(() => { ticks++ }, 3600e3)
let slept = 0
setTimeout(() => { slept++ }, 1800e3)
const began = performance.now()
require('readline').createInterface({ input: process.stdin }).on('line', line => {
  switch (line) {
    case 'write': fs.writeFileSync(file, 'x'); break
    case 'date': fs.utimesSync(file, 1000000000, 2000000000.125); break
  }
  const stat = fs.existsSync(file) ? fs.statSync(file) : undefined
  console.log(JSON.stringify({
    now: Date.now(), past: performance.now() - began, ticks, slept,
    file: stat?.mtimeMs, changed: stat?.ctimeMs, linked: stat && fs.lstatSync(file).mtimeMs
  }))
})
