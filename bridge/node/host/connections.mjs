// The connections that the store could not make: they tell a store that never works from one whose server is down.
import { errorMonitor } from 'node:events'
import net from 'node:net'

const refused = new Map() // by address: the code of the error

/** Watches every connection from now on; called before the store is loaded. Nobody else sees an error less, or one more. */
export function watchConnections () {
  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function (...options) {
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
}

/** Each address to which the latest connection could not be made, with the code of the error. */
export const refusedConnections = () => Array.from(refused, ([address, code]) => `connect ${code} ${address}`)
