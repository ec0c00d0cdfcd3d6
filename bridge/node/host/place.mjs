// Tells whether a module uses the place that it is given.

/** An env with these members, and the members that were read so far, other than to copy all of them. */
export function watchedEnv (members) {
  const reads = new Map()
  const count = (name, by) => reads.set(name, (reads.get(name) ?? 0) + by)
  const forgetCopy = () => {
    for (const name of Object.keys(members)) count(name, -1)
  }
  const env = {}
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(env, name, {
      enumerable: true,
      configurable: true,
      get () {
        count(name, 1)
        return value
      },
      set (value) { Object.defineProperty(env, name, { value, writable: true }) }
    })
  }
  // A spread reads every member, a symbol too, and JSON.stringify asks for toJSON before.
  Object.defineProperty(env, Symbol('copied'), { enumerable: true, get: forgetCopy })
  Object.defineProperty(env, 'toJSON', { get: forgetCopy })
  return { env, hasRead: name => reads.get(name) > 0 }
}
