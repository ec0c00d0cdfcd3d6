// Opens what a link leads to: what the target is folded into, and what is folded in it. The page says everything without it.
'use strict'
{
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target) return
    let moved = false
    for (let e = target; e; e = e.parentElement) if (e.matches('details:not([open])')) moved = e.open = true
    const inside = target.matches('.failure') && target.querySelector('details')
    if (inside) inside.open = true
    if (moved) target.scrollIntoView()
  }
  addEventListener('hashchange', open)
  open()
  // What is printed cannot be unfolded.
  addEventListener('beforeprint', () => { for (const d of document.querySelectorAll('article details')) d.open = true })
}
