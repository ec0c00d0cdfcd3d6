// The connections of the store. Those that it could not make tell a store that never works from one whose server is down; those on which it waits for
// an answer tell that it is at work.
import { errorMonitor } from 'node:events'
import net from 'node:net'

const open = new Map() // by socket: how much was read of it when something was written last, and how often it was found waiting since
const refused = new Map() // by address: the code of the error

/** Watches every connection from now on; called before the store is loaded. Nobody else sees an error less, or one more. */
export function watchConnections () {
  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function (...options) {
    open.set(this, { read: -1, waited: 0 })
    this.once('close', () => open.delete(this))
    this.on(errorMonitor, error => {
      for (const { syscall, code, address, hostname, port } of error?.errors ?? [error ?? {}]) {
        if (syscall === 'connect' || syscall === 'getaddrinfo') refused.set(port ? `${address}:${port}` : `${hostname ?? address}`, code)
      }
    })
    // One of the addresses of a host is enough.
    this.once('connect', () => {
      for (const address of refused.keys()) if (address.endsWith(`:${this.remotePort}`)) refused.delete(address)
    })
    return Reflect.apply(connect, this, options)
  }
  const write = net.Socket.prototype._writeGeneric
  net.Socket.prototype._writeGeneric = function (...given) {
    const seen = open.get(this)
    if (seen) Object.assign(seen, { read: this.bytesRead, waited: 0 })
    return Reflect.apply(write, this, given)
  }
}

// What is asked without an answer, such as a goodbye, is waited for so many questions long.
const patience = 500

/** Whether a connection is being made, or nothing has come on one since something was sent. It is asked again and again. */
export function waitsForAnswer () {
  let waits = false
  for (const [socket, seen] of open) {
    if (!socket.destroyed && (socket.connecting || seen.read === socket.bytesRead) && seen.waited++ < patience) waits = true
  }
  return waits
}

/** Each address to which the latest connection could not be made, with the code of the error. */
export const refusedConnections = () => Array.from(refused, ([address, code]) => `connect ${code} ${address}`)
