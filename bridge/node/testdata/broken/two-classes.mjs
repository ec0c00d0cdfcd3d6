class Base {
  get (id, callback) { callback(null, null) }
  set (id, session, callback) { callback?.() }
  destroy (id, callback) { callback?.() }
}

export class First extends Base {}
export class Second extends Base {}
