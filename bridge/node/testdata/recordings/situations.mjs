// The situations that every recording goes through. A site is { recorder, faults, browser }, with the pages /look, /put, /change, /logout, /slow and
// /slow-change.
import { meanwhile, print } from './recorder.mjs'

export class Situations {
  constructor (title, site) {
    console.log(`\n# ${title}`)
    Object.assign(this, site)
  }

  /** One page of a visitor, or of a new one. */
  async page (situation, path, browser = this.newcomer()) {
    const answer = await browser.get(path)
    print(situation, this.recorder.taken(), answer)
  }

  newcomer () {
    this.recorder.calls.length = 0
    this.recorder.names.clear()
    return this.browser()
  }

  /** A visitor with data. */
  async visitor () {
    const browser = this.browser()
    await browser.get('/put')
    this.recorder.calls.length = 0
    this.recorder.names.clear()
    return browser
  }

  async arrive () {
    await this.page('new visitor, nothing is done', '/look')
    await this.page('new visitor, data', '/put')
    await this.each([['read', '/look'], ['changed', '/change']])
  }

  /** Each page of a visitor of its own, who has data. */
  async each (pages) {
    for (const [situation, path] of pages) await this.page(situation, path, await this.visitor())
  }

  /** A logout, as the middleware calls it. */
  async leave (call) {
    const out = await this.visitor()
    await this.page(call, '/logout', out)
    await this.page('the page after it', '/look', out)
    await this.page(`${call} of a new visitor`, '/logout')
  }

  async together () {
    for (const [situation, slow, quick] of [
      ['a slow page reads, another logs out', '/slow', '/logout'], ['a slow page changes, another logs out', '/slow-change', '/logout'], ['two pages change', '/slow-change', '/change']
    ]) {
      const browser = await this.visitor()
      await meanwhile(browser, slow, quick)
      print(situation, this.recorder.taken())
      print('the page after it', [], await browser.get('/look'))
      this.recorder.taken()
    }
  }

  /** The store answers with a session whose end, which a function writes into it, was ten seconds ago. */
  async ended (end) {
    const gone = await this.visitor()
    for (const [id, text] of this.recorder.kept) this.recorder.kept.set(id, JSON.stringify(end(JSON.parse(text), Date.now() - 10_000)))
    await this.page('the store answers with a session that has ended', '/look', gone)
  }

  /** A call of the store fails, each time for another visitor. */
  async failing (calls) {
    for (const [situation, method, path, code] of calls) {
      const browser = await this.visitor()
      this.faults[method] = Object.assign(new Error('away'), code && { code })
      await this.page(situation, path, browser)
      delete this.faults[method]
    }
  }
}
