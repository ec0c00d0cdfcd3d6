// Messages on standard output, errors of the protocol, and all other output that goes to standard output.
import fs from 'node:fs'
import { Writable } from 'node:stream'
import { syncBuiltinESMExports } from 'node:module'
import { context, fault, note } from './faults.mjs'

// Stores under test replace the global timers now and then.
const { setImmediate: later, clearImmediate: forget } = globalThis
const pause = new Int32Array(new SharedArrayBuffer(4))

/** An answer that is a JSON-RPC error. */
export class HostError extends Error {
  constructor (code, message, data) {
    super(message)
    this.code = code
    this.data = data
  }
}

export const unknownMethod = method => new HostError(-32601, `unknown method ${method}`)
export const badParams = message => new HostError(-32602, message)
export const notOpened = (message, thrown) => new HostError(1, message, thrown && { stack: fault(thrown).stack })
export const otherProfile = ({ profile, because }) => new HostError(5, because, { profile })
export const unknown = message => new HostError(2, message)
export const cannot = message => new HostError(3, message)

let frames = ''
let scheduled

/** Sends result, a JSON text, as the answer to the request id. */
export function answer (id, result) {
  send(`\n{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}\n`)
}

export function refuse (id, error) {
  const known = error instanceof HostError
  send('\n' + JSON.stringify({
    jsonrpc: '2.0',
    id: id ?? null,
    error: known
      ? { code: error.code, message: error.message, data: error.data }
      : { code: -32603, message: `the host failed: ${error?.message ?? error}`, data: { stack: error?.stack } }
  }) + '\n')
}

function send (frame) {
  frames += frame
  scheduled ??= later(flush)
}

/** How many immediates of the host are pending. */
export const pendingFlushes = () => scheduled ? 1 : 0

export function flush () {
  if (scheduled) forget(scheduled)
  scheduled = undefined
  if (!frames) return
  const text = frames
  frames = ''
  if (!write(1, text)) process.reallyExit(1)
}

// A pipe that its reader set to non-blocking may be full. Reports whether there is still a reader.
function write (fd, text) {
  let bytes = Buffer.from(text)
  while (bytes.length) {
    try {
      bytes = bytes.subarray(fs.writeSync(fd, bytes))
    } catch (e) {
      if (e.code !== 'EAGAIN') return false
      Atomics.wait(pause, 0, 0, 1)
    }
  }
  return true
}

/** Writes a last line where the person who started the run looks for it. */
export function lastWords (text) {
  flush()
  write(2, `\nstorecheck: ${text}\n`)
}

// Output of the store on process.stdout would be mixed with the messages, so the store gets another one, which leads to standard error.
// It is made before anything touches the real one: that would make the pipe non-blocking.
export function divertOutput () {
  let rest = ''
  const diverted = new Writable({
    decodeStrings: false,
    write (chunk, encoding, done) {
      const text = typeof chunk === 'string' ? chunk : chunk.toString()
      const lines = (rest + text).split('\n')
      rest = lines.pop().slice(0, 1000)
      for (const line of lines) note('output', context.getStore(), undefined, line.slice(0, 1000))
      process.stderr.write(chunk, encoding, () => done())
    }
  })
  diverted.fd = 1
  Object.defineProperty(process, 'stdout', { configurable: true, enumerable: true, get: () => diverted })
  syncBuiltinESMExports()
}
