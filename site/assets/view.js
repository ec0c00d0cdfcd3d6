// Shows a report of storecheck as the pages of the site show a store. It reads the file that the user gives it, and sends nothing.
'use strict'
{
  const results = document.getElementById('results')
  const trouble = document.getElementById('trouble')
  const drop = document.getElementById('drop')

  const looks = {
    pass: ['p', '✓', 'holds'], fixed: ['p', '✓', 'holds'], fail: ['f', '✗', 'fails'], known: ['f', '✗', 'fails'], skip: ['n', '–', 'not asked'],
    flaky: ['u', '~', 'flaky'], inconclusive: ['u', '?', 'no clear answer'], error: ['u', '!', 'broken'],
  }
  const lookOf = (status, level) => {
    const [className, symbol, word] = looks[status] ?? ['u', '?', 'unknown']
    if (className === 'p' && level === 'may') return ['n', '•', 'recorded']
    return [className === 'f' && level !== 'must' ? 'w' : className, symbol, word]
  }
  const fails = (q) => looks[q.status]?.[0] === 'f'

  // What the report does not say, and the page holds: what users meet where a requirement fails, and on what each rests.
  const foundations = new Map([...document.querySelectorAll('#foundations dt')].map((dt) => [dt.textContent, dt.nextElementSibling.textContent.split(' ')]))
  const dangers = document.getElementById('dangers')
  const harms = new Map() // by id of the requirement
  let harm
  for (const e of dangers.children) {
    if (e.matches('dt')) harm = e.textContent
    else harms.set(e.dataset.id, { harm, breach: e.textContent, chance: 'chance' in e.dataset })
  }

  // warnings says what users may meet, as the page of a store does. What rests on another failure stands apart.
  const warnings = (failures) => {
    const failed = new Set(failures.map((q) => q.id))
    const named = failures.filter((q) => harms.has(q.id))
    const follows = (q) => harms.get(q.id).chance || (foundations.get(q.id) ?? []).some((under) => failed.has(under))
    const own = named.some((q) => !follows(q)) ? (q) => !follows(q) : () => true
    const titles = [...[...dangers.querySelectorAll('dt')].map((dt) => dt.textContent), dangers.dataset.follows]
    return titles.map((title) => [title, named.filter((q) => (own(q) ? harms.get(q.id).harm : dangers.dataset.follows) === title)]).filter(([, of]) => of.length > 0)
  }

  // visible makes characters visible that would change what a reader sees: control characters, and marks that turn the direction of writing.
  const visible = (text) => String(text ?? '').replace(/[^\P{C}\n\t]/gu, (c) => '\\u{' + c.codePointAt(0).toString(16) + '}')

  // node makes an element of its name, attributes and children. Text is text.
  const node = (name, attributes, ...children) => {
    const element = document.createElement(name)
    for (const [key, value] of Object.entries(attributes ?? {})) if (value !== undefined && value !== false) element.setAttribute(key, value)
    element.append(...children.flat().filter((child) => child != null && child !== false).map((child) => child instanceof Node ? child : visible(child)))
    return element
  }
  const fact = (name, value) => node('div', null, node('dt', null, name), node('dd', null, value))
  const list = (items) => node('ul', null, items.map((item) => node('li', null, item)))
  const status = (q) => {
    const [className, symbol, word] = lookOf(q.status, q.level)
    return node('span', { class: 'status ' + className }, symbol + ' ' + word)
  }

  const tally = (requirements, level) => {
    const t = { held: 0, failed: 0, unsure: 0, asked: 0 }
    for (const q of requirements) {
      const [className] = lookOf(q.status)
      if (q.level !== level || className === 'n' || q.reason === 'not checked: the run broke before') continue
      t.asked++
      if (className === 'p') t.held++
      else if (className === 'u') t.unsure++
      else t.failed++
    }
    return t
  }

  // inWords says how a chapter stands, as the page of a store does.
  const inWords = (requirements) => {
    const [must, should] = [tally(requirements, 'must'), tally(requirements, 'should')]
    const [asked, held, unsure] = ['asked', 'held', 'unsure'].map((name) => must[name] + should[name])
    const failed = [[must.failed, 'Must'], [should.failed, 'Should']].filter(([n]) => n > 0).map(([n, level]) => (n === 1 ? `1 ${level} fails` : `${n} ${level}s fail`))
    if (asked === 0) return 'nothing that counts could be asked'
    if (failed.length > 0) return `${failed.join(' and ')}, of ${asked} asked`
    if (unsure > 0) return `${held} of ${asked} hold, ${unsure} without a clear answer`
    return held === 1 ? 'the one that was asked holds' : `all ${held} that were asked hold`
  }

  const failure = (q, prefix) => node('article', { class: 'failure ' + (q.level === 'must' ? 'must' : 'should'), id: prefix + q.id.replaceAll('/', '-') },
    node('h3', null, q.id, ' ', node('span', { class: 'level' }, q.level), ' ', q.title),
    node('pre', { tabindex: 0 }, q.message || q.reason),
    q.again && node('p', null, 'Again:'), q.again && node('pre', { tabindex: 0 }, q.again))

  const chapters = (requirements) => {
    const byChapter = Map.groupBy(requirements, (q) => q.chapter)
    return [...byChapter].map(([name, rows]) => {
      return node('details', { class: 'chapter' },
        node('summary', null, node('h3', null, name), ' ', node('span', { class: 'tally' }, inWords(rows))),
        node('ul', { class: 'verdicts' }, rows.map((q) => node('li', null, status(q), ' ', q.id, ' ', node('span', { class: 'level' }, q.level), ' ', node('span', { class: 'title' }, q.title),
          q.reason && q.status !== 'pass' && node('span', { class: 'reason' }, ' ', q.reason)))))
    })
  }

  const show = (r, i) => {
    const all = r.requirements
    const failures = all.filter(fails).sort((a, b) => (a.level === 'must' ? 0 : 1) - (b.level === 'must' ? 0 : 1))
    const must = tally(all, 'must')
    const should = tally(all, 'should')
    const met = warnings(failures)
    const observed = all.filter((q) => q.observed)
    const methods = Object.entries(r.capabilities).filter(([, has]) => has).map(([name]) => name)
    return node('section', null,
      node('h2', null, r.target.name, ' ', node('span', { class: 'version' }, r.target.version)),
      node('p', { class: 'outcome' }, node('span', { class: 'verdict ' + r.verdict }, r.verdict),
        ` ${must.held} of ${must.asked} Musts hold, ${must.failed} fail; ${should.held} of ${should.asked} Shoulds, ${should.failed} fail.`),
      r.broken && node('pre', { tabindex: 0 }, r.broken.message),
      met.length > 0 && node('div', { class: 'warning' }, node('p', null, node('strong', null, 'What users may meet')),
        node('ul', null, met.map(([says, of]) => node('li', null, node('strong', null, says + ':'),
          node('ul', null, of.map((q) => node('li', null, `${harms.get(q.id).breach} (${q.id}`, q.level === 'should' && node('span', { class: 'level' }, ' should'), ')'))))))),
      r.diagnosis?.evidence && node('p', { class: 'cause' }, node('strong', null, 'What may lie behind the failures: '), r.diagnosis.cause, ` (${r.diagnosis.evidence})`),
      node('dl', { class: 'facts' }, fact('optional methods', methods.join(', ') || 'none'), fact('judged as a store of', r.profile?.name ?? 'express-session'), fact('ran on', r.target.runtime),
        fact('checked', `${r.started.slice(0, 10)}, seed ${r.seed}`), fact('contract', r.contract), fact('storecheck', r.storecheck)),
      r.target.command && node('p', null, 'Check it yourself:'), r.target.command && node('pre', { tabindex: 0 }, r.target.command),
      failures.length > 0 && node('h3', null, 'What does not hold'), failures.map((q) => failure(q, `r${i}-`)),
      observed.length > 0 && node('h3', null, 'What it does where it may choose'),
      observed.length > 0 && node('dl', { class: 'recorded' }, observed.map((q) => fact(q.title, q.observed))),
      r.notes.length > 0 && node('h3', null, 'Notes of the run'), r.notes.length > 0 && list(r.notes),
      node('h3', null, 'All requirements'), chapters(all))
  }

  const refuse = (why) => {
    results.replaceChildren()
    trouble.textContent = why
    trouble.hidden = false
  }

  const read = async (file) => {
    trouble.hidden = true
    let document
    try {
      document = JSON.parse(await file.text())
    } catch {
      return refuse(`${visible(file.name)} is not JSON: choose the file that storecheck run … --json FILE wrote.`)
    }
    // A page of a store has its report in its own JSON.
    const found = Array.isArray(document?.results) ? document.results : [document?.result ?? document]
    if (document?.schema !== 1 || !found.every((r) => Array.isArray(r?.requirements) && r.target)) {
      const ours = document?.schema === 1 && ['run', 'diff'].some((name) => name in document)
      return refuse(ours ? `${visible(file.name)} is the JSON of another page of this site. A report is what storecheck run … --json FILE writes, or the JSON of the page of one store.`
        : `${visible(file.name)} is JSON, but not a report of storecheck of schema version 1: choose the file that storecheck run … --json FILE wrote.`)
    }
    results.replaceChildren(...found.map(show))
    results.querySelector('h2').setAttribute('tabindex', '-1')
    results.querySelector('h2').focus()
  }

  document.getElementById('file').addEventListener('change', (event) => event.target.files[0] && read(event.target.files[0]))
  for (const name of ['dragenter', 'dragover']) document.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add('over') })
  for (const name of ['dragleave', 'drop']) document.addEventListener(name, (event) => { event.preventDefault(); drop.classList.remove('over') })
  document.addEventListener('drop', (event) => event.dataTransfer.files[0] && read(event.dataTransfer.files[0]))
}
