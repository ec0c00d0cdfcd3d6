// Records which calls a middleware makes on its store: node SCRIPT FOLDER, with the packages in FOLDER.
import http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'

export const require = createRequire(path.join(process.argv[2], 'x.js'))

let arrive, release

/** Holds the slow page of a situation until another page is done. */
export const slowly = () => new Promise(resolve => {
  release = resolve
  arrive()
})

/** Asks for a slow page, and for a quick one meanwhile. */
export async function meanwhile (browser, slow, quick) {
  const arrived = new Promise(resolve => { arrive = resolve })
  const pending = browser.get(slow)
  await arrived
  await browser.get(quick)
  release()
  await pending
}

/** A store that keeps texts and notes the calls. Ids are named by their order of appearance. */
export class Recorder {
  calls = []
  names = new Map()
  kept = new Map()

  /** Name of an id. */
  name (id) {
    if (!this.names.has(id)) this.names.set(id, `S${this.names.size + 1}`)
    return this.names.get(id)
  }

  note (method, id, ...rest) {
    this.calls.push(`${method}(${[this.name(id), ...rest.map(shown)].join(', ')})`)
  }

  /** The calls since the last asking. */
  taken () {
    return this.calls.splice(0)
  }
}

// Times relative to now, in tens of seconds, since a run takes some.
function shown (value) {
  if (typeof value === 'function') return 'callback'
  if (value === undefined) return 'undefined'
  return JSON.stringify(value)
    .replace(/"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g, (_, at) => relative(Date.parse(at)))
    .replace(/\b1[5-9]\d{11}\b/g, at => relative(Number(at)))
    .replace(/"(\w+)":/g, '$1: ').replace(/,/g, ', ')
}

function relative (at) {
  const seconds = Math.round((at - Date.now()) / 10_000) * 10
  return `now${seconds < 0 ? '' : '+'}${seconds} s`
}

/** A browser: keeps the cookies of a site. */
export class Browser {
  constructor (port) {
    this.port = port
    this.jar = new Map()
  }

  /** Asks for a page and says what the visitor gets: the status, and what became of the cookie. */
  get (path, headers = {}) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    return new Promise((resolve, reject) => {
      const request = http.get({ port: this.port, host: '127.0.0.1', path, agent: false, headers: { ...(cookie && { cookie }), ...headers } }, response => {
        let body = ''
        response.on('data', chunk => { body += chunk })
        response.on('end', () => resolve({ status: response.statusCode, body, cookie: this.keep(response.headers['set-cookie'] ?? []) }))
      })
      request.on('error', reject)
      request.setTimeout(20_000, () => {
        request.destroy()
        resolve({ status: 'hangs', body: '', cookie: '–' })
      })
    })
  }

  keep (lines) {
    if (!lines.length) return '–'
    for (const line of lines) {
      const [pair, ...attributes] = line.split('; ')
      const at = pair.indexOf('=')
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
      const expires = attributes.find(a => /^expires=/i.test(a))
      const age = attributes.find(a => /^max-age=/i.test(a))
      const over = value === '' || (age ? Number(age.slice(8)) <= 0 : expires && Date.parse(expires.slice(8)) < Date.now())
      if (over) this.jar.delete(name)
      else this.jar.set(name, value)
      this.last = over ? 'cleared' : expires || age ? 'cookie with an end' : 'cookie without an end'
    }
    return this.last
  }
}

/** Prints one situation: the calls, and what the visitor gets. */
export function print (situation, calls, answer) {
  console.log(`\n${situation}`)
  for (const call of calls) console.log(`  ${call}`)
  if (!answer) return
  const { user } = answer.status === 200 ? JSON.parse(answer.body) : {}
  console.log(`  visitor: ${answer.status}${answer.cookie === '–' ? '' : ', ' + answer.cookie}${user ? ', logged in' : ''}`)
}
