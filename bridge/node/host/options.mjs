// env.options, which remembers what is asked for: an option that nobody reads says that the command line means another store.
import { note } from './faults.mjs'

const asked = new Set()

/**
 * Makes an object of options. It is no Proxy, so that it can be cloned for a worker. Destructuring, spread and JSON.stringify read every member
 * that they go through.
 */
export function watchedOptions (values) {
  const options = {}
  for (const name of Object.keys(values)) {
    Object.defineProperty(options, name, {
      configurable: true,
      enumerable: true,
      get () {
        if (!asked.has(name)) note('option', undefined, undefined, name)
        asked.add(name)
        return values[name]
      },
      set (value) {
        Object.defineProperty(options, name, { value, configurable: true, enumerable: true, writable: true })
      }
    })
  }
  return options
}
