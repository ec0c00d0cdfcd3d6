// Notes which variables of the environment a module looks for in vain while it makes a store.

/** Watches process.env until stop is called. missing returns the names that were read and are not there. */
export function watchEnvironment () {
  const real = process.env
  const names = new Set()
  const look = name => {
    if (typeof name === 'string' && !(name in real) && !ordinary.test(name) && names.size < most) names.add(name)
  }
  process.env = new Proxy(real, {
    get (target, name) {
      look(name)
      return target[name]
    },
    has (target, name) {
      look(name)
      return name in target
    },
    // The real one takes no property that is defined in part, as a write through a proxy does.
    set (target, name, value) {
      target[name] = value
      return true
    }
  })
  return { missing: () => [...names], stop: () => { process.env = real } }
}

const most = 100

// What Node and many packages look at, without a need of it.
const ordinary = /^(NODE_|WATCH_|DEBUG|NO_DEPRECATION$|TRACE_DEPRECATION$|NO_COLOR$|FORCE_COLOR$|TERM$|CI$)/
