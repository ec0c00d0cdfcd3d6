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
  const names = ['text', 'verdict', 'backend', 'level', 'chapter']
  let picked = []
  let sorted = ''

  const read = () => {
    const query = new URLSearchParams(location.search)
    for (const name of names) form.elements[name].value = query.get(name) ?? ''
    form.elements.listed.checked = query.has('listed')
    sorted = query.get('sort') ?? ''
    picked = (query.get('compare') ?? '').split(',').filter((slug) => rows.some((row) => row.dataset.slug === slug)).slice(0, 5)
  }

  const write = () => {
    const query = new URLSearchParams()
    for (const name of names) if (form.elements[name].value) query.set(name, form.elements[name].value)
    if (form.elements.listed.checked) query.set('listed', '')
    if (sorted) query.set('sort', sorted)
    if (!compare.hidden) query.set('compare', picked.join(','))
    const text = query.toString()
    history.replaceState(null, '', (text ? '?' + text : location.pathname) + location.hash)
  }

  const filter = () => {
    const value = Object.fromEntries(names.map((name) => [name, form.elements[name].value]))
    const words = value.text.toLowerCase().split(/\s+/).filter(Boolean)
    const visible = new Set()
    for (const row of rows) {
      const d = row.dataset
      row.hidden = !(
        words.every((word) => d.words.includes(word)) &&
        (!value.verdict || d.verdict === value.verdict) &&
        (!value.backend || d.backend === value.backend) &&
        (!form.elements.listed.checked || 'listed' in d))
      if (!row.hidden) visible.add(d.slug)
    }
    matrix.classList.toggle('musts', value.level === 'must')
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

  const pick = () => {
    for (const row of rows) row.querySelector('.pick').checked = picked.includes(row.dataset.slug)
    compareButton.disabled = picked.length < 2
    compareButton.textContent = picked.length < 2 ? 'Compare 2 to 5 stores' : `Compare ${picked.length} stores`
  }

  // showComparison copies the columns of the picked stores: first what fails in some of them.
  const showComparison = () => {
    const lines = []
    for (const table of document.querySelectorAll('table.requirements')) {
      const heads = [...table.tHead.rows[0].cells]
      const columns = picked.map((slug) => heads.findIndex((head) => head.dataset.slug === slug))
      for (const row of table.tBodies[0].rows) {
        const cells = columns.map((i) => row.cells[i])
        const texts = cells.map((cell) => cell.textContent)
        const differs = new Set(texts).size > 1
        const fails = cells.some((cell) => cell.className === 'f')
        if (!differs && !fails) continue
        lines.push({ head: row.cells[0], cells, rank: fails ? (differs ? 0 : 1) : 2, level: row.dataset.level })
      }
    }
    const order = ['must', 'should', 'may']
    lines.sort((a, b) => a.rank - b.rank || order.indexOf(a.level) - order.indexOf(b.level))
    const table = compare.querySelector('table')
    table.className = 'side'
    table.replaceChildren()
    const head = table.createTHead().insertRow()
    for (const [i, slug] of ['', ...picked].entries()) {
      const cell = document.createElement('th')
      cell.scope = 'col'
      if (i === 0) cell.textContent = 'What fails in some, in all, and what could not be asked of all'
      else cell.append(...rows.find((row) => row.dataset.slug === slug).querySelector('th').cloneNode(true).childNodes)
      head.append(cell)
    }
    const target = table.createTBody()
    for (const line of lines) {
      const row = target.insertRow()
      row.append(line.head.cloneNode(true))
      for (const cell of line.cells) {
        const copy = cell.cloneNode(true)
        copy.hidden = false
        row.append(copy)
      }
    }
    compare.hidden = false
  }

  for (const row of rows) {
    row.querySelector('.pick').addEventListener('change', (event) => {
      const slug = row.dataset.slug
      picked = event.target.checked ? [...picked, slug].slice(-5) : picked.filter((other) => other !== slug)
      pick()
      if (!compare.hidden) picked.length < 2 ? (compare.hidden = true) : showComparison()
      write()
    })
  }
  compareButton.addEventListener('click', () => {
    showComparison()
    write()
    document.getElementById('compare-title').focus()
  })
  document.getElementById('compare-close').addEventListener('click', () => {
    compare.hidden = true
    write()
    compareButton.focus()
  })
  for (const chapter of document.querySelectorAll('details[data-chapter]')) chapter.addEventListener('toggle', () => chapter.open && narrow(chapter))
  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('input', () => { filter(); write() })
  form.addEventListener('reset', () => setTimeout(() => { filter(); write() }))

  // A link to a chapter opens it.
  const open = () => {
    const chapter = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (chapter?.matches('details')) chapter.open = true
  }
  addEventListener('hashchange', open)

  read()
  if (sorted) sort()
  if (location.search) filter()
  pick()
  if (picked.length >= 2) showComparison()
  open()
}
