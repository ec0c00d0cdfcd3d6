// A module that exports its class under the name of the class, and nothing as default.
export const version = '1'

export class OnlyClass {
  get (id, callback) { callback(null, null) }
  set (id, session, callback) { callback?.() }
  destroy (id, callback) { callback?.() }
}
