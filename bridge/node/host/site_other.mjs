// A web site around the store with another middleware than express-session. Its pages are those of site.mjs, and /calls.
import { context, watched } from './faults.mjs'
import { Visit, gate, holding, open, pages, watch } from './site.mjs'

const mostCalls = 1000

/** Starts a site and returns its URL. Throws what the middleware throws when it is set up. */
export async function serveOther (instance, options) {
  const site = { instance, sockets: new Set(), gates: new Map(), errors: [], calls: [] }
  const visits = new WeakMap() // by Node's request
  const { handle, close } = await instance.profile.site({ ...instance, store: recorded(instance.store, instance.profile, site.calls) }, options, {
    pages,
    answer (request, send) {
      const { visit, query } = visits.get(request)
      holding(site, query.get('hold'), () => {
        visit.ending = true
        send()
      })
    },
    failed: (request, error) => visits.get(request).visit.reported(error)
  })
  site.close = close
  return open(site, (request, response) => {
    const { pathname: path, searchParams: query } = new URL(request.url, 'http://site')
    if (Object.hasOwn(control, path)) return control[path](site, query, value => response.setHeader('content-type', 'application/json').end(JSON.stringify(value)))
    const visit = new Visit(site, { path })
    visits.set(request, { visit, query })
    watched.add(visit)
    response.on('close', () => watched.delete(visit))
    context.run(visit, handle, request, response)
  })
}

// Pages about the site, without the middleware.
const control = {
  '/errors': (site, query, send) => send({ errors: site.errors }),
  '/calls': (site, query, send) => send({ calls: site.calls }),
  '/held': (site, query, send) => watch(gate(site, query.get('hold')), Number(query.get('count')), () => send({})),
  '/release' (site, query, send) {
    gate(site, query.get('hold')).release()
    send({})
  }
}

// The store, with a note of each call of the middleware. It must not hold sessions.
function recorded (store, { methods, watched = Object.keys(methods), idOf = id => id }, calls) {
  return new Proxy(store, {
    get (target, name) {
      const value = Reflect.get(target, name, target)
      if (typeof value !== 'function' || !watched.includes(name)) return value
      return (...args) => {
        if (calls.length < mostCalls) calls.push({ method: name, id: idOf(args[0]) })
        return value.apply(target, args)
      }
    }
  })
}
