// The resources that keep the process alive, and its memory, without the host's own part.
import fs from 'node:fs'
import { refusedConnections } from './connections.mjs'
import { pendingFlushes } from './wire.mjs'

const own = {}

/** Remembers what the host itself needs; called before the store is loaded. */
export function rememberOwn () {
  for (const name of process.getActiveResourcesInfo()) own[name] = (own[name] ?? 0) + 1
}

// On Linux the folder lists itself too.
function openFiles () {
  try {
    return fs.readdirSync('/proc/self/fd').length - 1
  } catch {
    return undefined
  }
}

export function resources ({ instance }) {
  const counts = {}
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1
  for (const name of Object.keys(own)) counts[name] = (counts[name] ?? 0) - own[name]
  counts.Immediate = (counts.Immediate ?? 0) - pendingFlushes()
  for (const name of Object.keys(counts)) if (counts[name] <= 0) delete counts[name]
  // The second pass frees the memory that finalizers of the first one released.
  globalThis.gc?.()
  globalThis.gc?.()
  return {
    timers: counts.Timeout ?? 0,
    resources: counts,
    heapUsed: process.memoryUsage().heapUsed,
    openFiles: openFiles(),
    closes: instance.loaded.close !== undefined,
    refused: refusedConnections()
  }
}
