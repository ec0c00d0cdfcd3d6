// Filters, sorts and compares what the page holds. The page says everything without it. What is chosen stands in the address.
'use strict'
{
  const form = document.getElementById('filters')
  const matrix = document.getElementById('matrix')
  const body = matrix.tBodies[0]
  const rows = [...body.rows]
  const shown = document.getElementById('shown')
  const compareButton = document.getElementById('compare-button')
  const compare = document.getElementById('compare')
  const tray = document.getElementById('tray')
  const names = ['text', 'verdict', 'backend', 'profile', 'level', 'chapter'].filter((name) => form.elements[name])
  const flags = ['durable', 'shared', 'listed']
  const most = 5
  const siteTitle = document.title
  let picked = []
  let sorted = ''

  const read = () => {
    const query = new URLSearchParams(location.search)
    for (const name of names) form.elements[name].value = query.get(name) ?? ''
    for (const flag of flags) form.elements[flag].checked = query.has(flag)
    document.getElementById('more').open = ['verdict', 'profile', 'level', 'chapter', ...flags].some((name) => query.has(name))
    sorted = query.get('sort') ?? ''
    // The address of a package stands for its newest version.
    const slugs = (query.get('compare') ?? '').split(',').map((slug) => (rows.find((row) => row.dataset.package === slug) ?? { dataset: { slug } }).dataset.slug)
    picked = [...new Set(slugs)].filter((slug) => rows.some((row) => row.dataset.slug === slug)).slice(0, most)
  }

  const write = () => {
    const query = new URLSearchParams()
    for (const name of names) if (form.elements[name].value) query.set(name, form.elements[name].value)
    for (const flag of flags) if (form.elements[flag].checked) query.set(flag, '')
    if (sorted) query.set('sort', sorted)
    if (!compare.hidden) query.set('compare', picked.join(','))
    const text = query.toString()
    history.replaceState(null, '', (text ? '?' + text : location.pathname) + location.hash)
  }

  const filter = () => {
    const value = Object.fromEntries(names.map((name) => [name, form.elements[name].value]))
    // A word of the search is the beginning of a word of the row: conformant does not find nonconformant.
    const words = value.text.toLowerCase().split(/\s+/).filter(Boolean).map((word) => new RegExp('(^|[^a-z0-9])' + word.replace(/[^a-z0-9]/g, '\\$&')))
    const wanted = flags.filter((flag) => form.elements[flag].checked)
    const visible = new Set()
    for (const row of rows) {
      const d = row.dataset
      row.hidden = !(
        words.every((word) => word.test(d.words)) &&
        (!value.verdict || d.verdict === value.verdict) &&
        (!value.backend || d.backend === value.backend) &&
        (!value.profile || d.profile === value.profile) &&
        wanted.every((flag) => flag in d))
      if (!row.hidden) visible.add(d.slug)
    }
    document.getElementById('none').hidden = visible.size > 0
    for (const part of [matrix, document.getElementById('legend')]) part.classList.toggle('musts', value.level === 'must')
    for (const cell of matrix.querySelectorAll('[data-chapter]')) cell.hidden = !!value.chapter && cell.dataset.chapter !== value.chapter
    for (const chapter of document.querySelectorAll('details[data-chapter]')) {
      chapter.hidden = !!value.chapter && chapter.dataset.chapter !== value.chapter
      if (chapter.open) narrow(chapter)
    }
    shown.value = visible.size === rows.length ? '' : `${visible.size} of ${rows.length} stores`
  }

  // narrow hides the columns of stores that the filter leaves out, and the rows of another level.
  const narrow = (chapter) => {
    const table = chapter.querySelector('table')
    const level = form.elements.level.value
    const hidden = new Set(rows.filter((row) => row.hidden).map((row) => row.dataset.slug))
    const columns = [...table.tHead.rows[0].cells].map((cell) => hidden.has(cell.dataset.slug))
    for (const row of table.rows) {
      if (row.dataset.level) row.hidden = !!level && row.dataset.level !== level
      for (let i = 1; i < row.cells.length; i++) row.cells[i].hidden = columns[i]
    }
  }

  const sort = () => {
    const [key, down] = sorted.startsWith('-') ? [sorted.slice(1), true] : [sorted || 'rank', false]
    const number = !['name', 'backend'].includes(key)
    const ordered = rows.toSorted((a, b) => {
      const [x, y] = [a.dataset[key], b.dataset[key]]
      return (number ? x - y : x.localeCompare(y)) || a.dataset.rank - b.dataset.rank
    })
    body.append(...(down ? ordered.reverse() : ordered))
    for (const head of matrix.querySelectorAll('th[data-sort]')) {
      if (head.dataset.sort === key && sorted) head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
      else head.removeAttribute('aria-sort')
    }
  }

  for (const head of matrix.querySelectorAll('th[data-sort]')) {
    const button = head.querySelector('button')
    button.disabled = false
    button.addEventListener('click', () => {
      sorted = sorted === head.dataset.sort ? '-' + sorted : head.dataset.sort
      sort()
      write()
    })
  }

  const nameOf = (slug) => [...rows.find((row) => row.dataset.slug === slug).cells[1].children].slice(0, 2).map((part) => part.textContent).join(' ')

  const pick = (why = '') => {
    for (const row of rows) row.querySelector('.pick').checked = picked.includes(row.dataset.slug)
    const names = picked.map(nameOf)
    tray.hidden = picked.length === 0
    document.getElementById('tray-text').textContent = `${picked.length} picked: ${names.join(', ')}`
    document.getElementById('tray-why').value = why
    compareButton.disabled = picked.length < 2
    compareButton.textContent = picked.length < 2 ? 'Tick one more to compare' : `Compare ${picked.length} stores`
  }

  const groups = [
    ['differs', 'Differs'], ['fails', 'Fails in all'], ['partly', 'Asked of some only, and holds there'], ['unclear', 'No clear answer in any'], ['unasked', 'Not asked of any'],
  ]
  // groupOf says in which group of the comparison a requirement stands. What holds in all, or is recorded of all, is left out.
  const groupOf = (classes) => {
    const kinds = new Set(classes)
    if (kinds.size > 1) return kinds.has('f') || kinds.has('w') || kinds.has('u') ? 'differs' : 'partly'
    return { f: 'fails', w: 'fails', u: 'unclear', n: 'unasked' }[classes[0]]
  }

  // showComparison copies the columns of the picked stores: first what differs.
  const showComparison = () => {
    const lines = []
    for (const table of document.querySelectorAll('table.requirements')) {
      const heads = [...table.tHead.rows[0].cells]
      const columns = picked.map((slug) => heads.findIndex((head) => head.dataset.slug === slug))
      for (const row of table.tBodies[0].rows) {
        const cells = columns.map((i) => row.cells[i])
        const texts = cells.map((cell) => cell.textContent.trim())
        const group = groupOf(row.dataset.level === 'may' ? texts.map((text) => (text === '•' ? 'p' : 'n')) : cells.map((cell) => cell.className))
        if (group) lines.push({ head: row.cells[0], cells, group, level: row.dataset.level })
      }
    }
    const order = ['must', 'should', 'may']
    lines.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
    const table = compare.querySelector('table')
    table.className = 'side'
    table.replaceChildren()
    const title = 'Side by side: ' + picked.map(nameOf).join(', ')
    document.getElementById('compare-title').textContent = title
    document.title = title + ' · storecheck'
    const head = table.createTHead().insertRow()
    for (const [i, slug] of ['', ...picked].entries()) {
      const cell = document.createElement('th')
      cell.scope = 'col'
      if (i === 0) cell.textContent = 'Requirement'
      else cell.append(...rows.find((row) => row.dataset.slug === slug).cells[1].cloneNode(true).childNodes)
      head.append(cell)
    }
    for (const [group, title] of groups) {
      const members = lines.filter((line) => line.group === group)
      if (members.length === 0 && group !== 'differs') continue
      const target = table.createTBody()
      const name = document.createElement('th')
      name.scope = 'rowgroup'
      name.colSpan = picked.length + 1
      name.className = 'group'
      name.textContent = `${title}: ${members.length}`
      target.insertRow().append(name)
      if (members.length === 0 || group === 'unasked') {
        const all = target.insertRow().insertCell()
        all.colSpan = name.colSpan
        all.className = 'ids'
        all.textContent = members.map((line) => line.head.querySelector('a').textContent).join(', ') || 'Nothing differs in what was asked of all of them.'
        continue
      }
      for (const line of members) {
        const row = target.insertRow()
        row.append(line.head.cloneNode(true))
        for (const cell of line.cells) {
          const copy = cell.cloneNode(true)
          copy.hidden = false
          row.append(copy)
        }
      }
    }
    compare.hidden = false
  }
  const hideComparison = () => {
    compare.hidden = true
    document.title = siteTitle
  }

  // bringToComparison scrolls to the comparison, and tells a screen reader its title.
  const bringToComparison = () => {
    compare.scrollIntoView()
    document.getElementById('compare-title').focus({ preventScroll: true })
  }

  for (const row of rows) {
    row.querySelector('.pick').addEventListener('change', (event) => {
      const slug = row.dataset.slug
      const full = event.target.checked && picked.length === most
      if (!full) picked = event.target.checked ? [...picked, slug] : picked.filter((other) => other !== slug)
      pick(full ? `${most} stores can be compared at once: untick one first.` : '')
      if (!compare.hidden) picked.length < 2 ? hideComparison() : showComparison()
      write()
    })
  }
  document.getElementById('compare-clear').addEventListener('click', () => {
    picked = []
    hideComparison()
    pick()
    write()
    rows[0].querySelector('.pick').focus()
  })
  compareButton.addEventListener('click', () => {
    showComparison()
    write()
    bringToComparison()
  })
  document.getElementById('compare-close').addEventListener('click', () => {
    hideComparison()
    write()
    matrix.closest('.scroll').focus()
  })
  for (const chapter of document.querySelectorAll('details[data-chapter]')) chapter.addEventListener('toggle', () => chapter.open && narrow(chapter))
  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('input', () => { filter(); write() })
  form.addEventListener('reset', () => setTimeout(() => { filter(); write() }))

  read()
  if (sorted) sort()
  if (location.search) filter()
  pick()
  if (picked.length >= 2) {
    showComparison()
    bringToComparison()
  }
}
