// Writes back what it reads: the least that a process in Node costs.
process.stdin.on('data', chunk => process.stdout.write(chunk))
