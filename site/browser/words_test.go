package browser

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/storecheck/storecheck/site"
)

// openFront opens the front page with a query, on a desk.
func openFront(t *testing.T, query string) (*tab, string) {
	t.Helper()
	b := browser(t)
	home := serve(t, build(t))
	tab := openTab(b, t, home)
	tab.as(look{1440, 900, "light"})
	tab.do(chromedp.Navigate(home+"index.html"+query), chromedp.WaitReady(chromedp.CSS("#filters")))
	return tab, home
}

const visibleRows = `[...document.querySelectorAll('#matrix tbody tr')].filter((r) => !r.hidden).length`

// The search finds words by their beginning, and says so where it finds nothing.
func TestSearch(t *testing.T) {
	tab, home := openFront(t, "?text=conformant")
	if n := eval[int](tab, visibleRows); n != 0 || eval[bool](tab, `document.getElementById('none').hidden`) {
		t.Fatalf("the recorded stores are nonconformant or broken, and conformant finds %d", n)
	}
	tab.do(chromedp.Click(chromedp.CSS(`#none button`)), chromedp.WaitVisible(chromedp.CSS(`tr[data-slug="promises"]`)))
	for text, want := range map[string]int{"nonconf": 12, "store nonconf": 3, "file": 1, "(": 0} {
		tab.do(chromedp.Navigate(home+"index.html?text="+strings.ReplaceAll(text, " ", "+")), chromedp.WaitReady(chromedp.CSS("#filters")))
		if n := eval[int](tab, visibleRows); n != want {
			t.Errorf("%q finds %d, want %d", text, n, want)
		}
	}
	tab.quiet("the search")
}

// Where only Musts count, no cell and no word of the legend is about Shoulds, and no cell is empty.
func TestMustOnly(t *testing.T) {
	tab, _ := openFront(t, "?level=must")
	const seen = `[...document.querySelectorAll('#matrix .cell')].filter((c) => c.getClientRects().length > 0).map((c) => c.innerText.trim())`
	cells := eval[[]string](tab, seen)
	if len(cells) < 200 {
		t.Fatalf("only %d cells", len(cells))
	}
	for _, text := range cells {
		if text == "" || strings.Contains(text, "+") {
			t.Errorf("a cell says %q", text)
		}
	}
	if text := eval[string](tab, `document.querySelector('#matrix thead').innerText + document.getElementById('legend').innerText`); strings.Contains(text, "Should") {
		t.Errorf("the page still speaks of Shoulds: %q", text)
	}
	if !eval[bool](tab, `document.getElementById('more').open`) {
		t.Error("a filter that is in use is folded")
	}
}

// A sixth store cannot be picked, and the page says why. What differs, and what is alike, is counted.
func TestCompare(t *testing.T) {
	tab, home := openFront(t, "")
	slugs := eval[[]string](tab, `[...document.querySelectorAll('#matrix tbody tr')].slice(0, 6).map((r) => r.dataset.slug)`)
	for _, slug := range slugs {
		eval[chromedp.Void](tab, fmt.Sprintf(`document.querySelector('tr[data-slug="%s"] .pick').click()`, slug))
	}
	if got := eval[string](tab, `document.getElementById('tray').innerText`); !strings.Contains(got, "5 picked: ") || !strings.Contains(got, "5 stores can be compared at once") {
		t.Errorf("the bar says %q", got)
	}
	if eval[bool](tab, fmt.Sprintf(`document.querySelector('tr[data-slug="%s"] .pick').checked`, slugs[5])) {
		t.Error("a sixth store is picked")
	}
	tab.do(chromedp.Navigate(home+"index.html?compare=upsert,get-throws"), chromedp.WaitReady(chromedp.CSS("#compare table tbody")))
	heads := eval[[]string](tab, `[...document.querySelectorAll('#compare th.group')].map((c) => c.textContent)`)
	counts := eval[[]int](tab, `[...document.querySelectorAll('#compare tbody')].map((b) => b.rows.length - 1)`)
	for i, head := range heads {
		if strings.HasPrefix(head, "Not asked of any: ") { // their ids stand in one cell
			continue
		}
		if !strings.HasSuffix(head, fmt.Sprintf(": %d", counts[i])) {
			t.Errorf("%q stands over %d rows", head, counts[i])
		}
	}
	if len(heads) < 2 || !strings.HasPrefix(heads[0], "Differs") {
		t.Errorf("the groups are %q", heads)
	}
	if n := eval[int](tab, `document.querySelectorAll('#compare td.w, #compare td.f').length`); n == 0 || eval[int](tab, `document.querySelectorAll('#compare tr:has(.level) td.f').length`) == n {
		t.Error("failed Shoulds look like failed Musts")
	}
	if title := eval[string](tab, `document.getElementById('compare-title').textContent + '|' + document.title`); strings.Count(title, "Side by side: upsert") != 2 {
		t.Errorf("the comparison is called %q", title)
	}
	if at := eval[float64](tab, `document.getElementById('compare').getBoundingClientRect().top`); at < -1 || at > 200 {
		t.Errorf("the comparison begins %v px from the top", at)
	}
	tab.quiet("the comparison")
}

// A link to a failure, or to a chapter, unfolds it.
func TestLinksUnfold(t *testing.T) {
	tab, _ := openFront(t, "")
	eval[chromedp.Void](tab, `document.querySelector('tr[data-slug="session-file-store"] td.f a').click()`)
	tab.do(chromedp.WaitVisible(chromedp.CSS(`.failure:target details[open] pre`)))
	if name := eval[string](tab, `document.elementFromPoint(40, 10).closest('h1').innerText`); !strings.HasPrefix(name, "session-file-store") {
		t.Errorf("at the top of the screen stands %q, not the name of the store", name)
	}
	eval[chromedp.Void](tab, `document.querySelector('.failure:target .whole a').click()`)
	tab.do(chromedp.WaitVisible(chromedp.CSS(`details.chapter[open] .verdicts`)))
	const way = `details.chapter[open] .verdicts a[href^="#"]`
	eval[chromedp.Void](tab, `document.querySelector('`+way+`').click()`)
	tab.do(chromedp.WaitVisible(chromedp.CSS(`.failure:target details[open] pre`)))
	tab.quiet("the page of a store")
}

// The head of the matrix and the names of the stores stay in sight.
func TestHeadsStay(t *testing.T) {
	tab, _ := openFront(t, "")
	for _, width := range []int64{360, 1440} {
		tab.as(look{width, 640, "light"})
		const far = `(() => { const box = document.getElementById('matrix').closest('.scroll'); box.scrollTop = 200; box.scrollLeft = 400
			const at = box.getBoundingClientRect(), head = document.querySelector('#matrix thead th').getBoundingClientRect(), name = document.querySelector('#matrix tbody tr:nth-child(8) th').getBoundingClientRect()
			return [head.top - at.top, name.left - at.left] })()`
		if got := eval[[]float64](tab, far); got[0] < -1 || got[0] > 5 || got[1] < -1 || got[1] > 60 {
			t.Errorf("at %d px the head is %v px from the top of its box, the names %v px from the left", width, got[0], got[1])
		}
	}
}

// The viewer says of each recorded run what the page of the store says, and nothing that is no word of ours.
func TestViewerSaysWhatTheSiteSays(t *testing.T) {
	b := browser(t)
	dir := build(t)
	home := "file://" + dir + "/"
	tab := openTab(b, t, home)
	tab.as(look{768, 900, "light"})
	const summaries = `[...document.querySelectorAll('details.chapter > summary')].map((s) => s.textContent.replace(/\s+/g, ' ').trim())`
	const dangers = `[...document.querySelectorAll('div.warning > ul > li')].map((l) => [...l.querySelectorAll('strong, li')].map((e) => e.textContent.replace(/\s+/g, ' ').trim()).join(' '))`
	paths, _ := filepath.Glob("../../report/testdata/stores/*.json")
	for _, path := range paths {
		r := readResult(t, path)
		r.Target.Name = strings.TrimSuffix(filepath.Base(path), ".json")
		tab.do(chromedp.Navigate(home+"store/"+site.SlugOf(r)+"/index.html"), chromedp.WaitReady(chromedp.CSS("main")))
		want := append(eval[[]string](tab, summaries), eval[[]string](tab, dangers)...)
		absolute, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		tab.do(chromedp.Navigate(home+"view/index.html"), chromedp.SetUploadFiles(chromedp.CSS(`#file`), []string{absolute}), chromedp.WaitVisible(chromedp.CSS(`#results .outcome`)))
		got := append(eval[[]string](tab, summaries), eval[[]string](tab, dangers)...)
		have := strings.Join(got, "\n")
		for _, line := range want {
			if !strings.Contains(have, line) {
				t.Errorf("%s: the viewer lacks %q", r.Target.Name, line)
			}
		}
		if len(want) < 10 {
			t.Errorf("%s: only %q", r.Target.Name, want)
		}
		if stray := eval[[]string](tab, `[...document.querySelectorAll('#results, #results *')].flatMap((e) => [...e.childNodes]).filter((n) => n.nodeType === 3 && /^(false|true|undefined|null)$/.test(n.data.trim())).map((n) => n.parentNode.outerHTML.slice(0, 80))`); len(stray) > 0 {
			t.Errorf("%s: the viewer shows values as words: %q", r.Target.Name, stray)
		}
	}
	tab.quiet("the viewer")
}
