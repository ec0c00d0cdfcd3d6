package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/storecheck/storecheck/internal/install"
)

// pages are one of each kind.
var pages = []string{
	"index.html", "store/session-file-store/index.html", "requirement/touch/no-resurrection/index.html", "view/index.html",
	"requirement/index.html", "requirement/fidelity/dates/index.html", "about/index.html", "changes/index.html", "run/2026-11-21/index.html", "run/2026-11-21/store/session-file-store/index.html", "embed/session-file-store/index.html",
}

// Each kind of page is quiet in each way to look at it: no message, no exception, no request elsewhere, nothing wider than the screen, nothing that
// moves after the first paint.
func TestPagesAreQuiet(t *testing.T) {
	b := browser(t)
	dir := build(t)
	for _, home := range []string{"file://" + dir + "/", serve(t, dir)} {
		tab := openTab(b, t, home)
		for _, width := range []int64{360, 768, 1440} {
			for _, scheme := range []string{"light", "dark"} {
				l := look{width, 900, scheme}
				tab.as(l)
				for _, page := range pages {
					where := home[:5] + " " + page + ", " + l.String()
					tab.do(chromedp.Navigate(home+page), chromedp.WaitReady(chromedp.CSS("main")))
					if wide := eval[int64](tab, `document.documentElement.scrollWidth`); wide > width {
						t.Errorf("%s: the page is %d px wide", where, wide)
					}
					if moved := eval[float64](tab, movedBy); moved > 0 {
						t.Errorf("%s: its parts move by %v after the first paint", where, moved)
					}
					tab.quiet(where)
				}
			}
		}
	}
}

// movedBy is the sum of the layout shifts of a page so far.
const movedBy = `new Promise((done) => { let sum = 0
	new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value }).observe({ type: 'layout-shift', buffered: true })
	requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 20))) })`

// An accessibility checker finds nothing.
func TestAccessibility(t *testing.T) {
	if os.Getenv("STORECHECK_NPM_TESTS") == "" {
		t.Skip("needs the npm package axe-core; set STORECHECK_NPM_TESTS=1")
	}
	b := browser(t)
	root, err := install.Ensure(t.Context(), install.Request{Packages: []string{"axe-core@4.11.0"}})
	if err != nil {
		t.Fatal(err)
	}
	axe, err := os.ReadFile(filepath.Join(root, "node_modules/axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	home := serve(t, build(t))
	tab := openTab(b, t, home)
	for _, l := range []look{{360, 800, "light"}, {1440, 1000, "dark"}} {
		tab.as(l)
		for _, page := range pages {
			tab.do(chromedp.Navigate(home+page), chromedp.WaitReady(chromedp.CSS("main")))
			eval[chromedp.Void](tab, `for (const d of [...document.querySelectorAll('details')].slice(0, 6)) d.open = true`)
			tab.do(chromedp.Evaluate[chromedp.Void](string(axe) + ";0"))
			const violations = `axe.run(document).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.length + ' ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | ')))`
			for _, v := range eval[[]string](tab, violations) {
				t.Errorf("%s, %v: %s", page, l, strings.Join(strings.Fields(v), " "))
			}
		}
	}
}

// What is chosen on the front page filters, sorts, and stands in the address, which brings it back.
func TestFrontPage(t *testing.T) {
	b := browser(t)
	home := serve(t, build(t))
	tab := openTab(b, t, home)
	tab.as(look{1440, 900, "light"})
	const rows = `[...document.querySelectorAll('#matrix tbody tr')].filter((r) => !r.hidden).map((r) => r.dataset.slug)`
	tab.do(chromedp.Navigate(home+"index.html"), chromedp.WaitReady(chromedp.CSS("#filters")))
	all := eval[[]string](tab, rows)

	tab.do(chromedp.SendKeys(chromedp.CSS(`input[name=text]`), "session-file"))
	if got := eval[[]string](tab, rows); len(got) != 1 || got[0] != "session-file-store" {
		t.Errorf("filtered by a text: %q", got)
	}
	if got := eval[string](tab, `document.getElementById('shown').value`); !strings.HasPrefix(got, "1 of ") {
		t.Errorf("the page says %q", got)
	}
	if got := eval[string](tab, `location.search`); got != "?text=session-file" {
		t.Errorf("the address has %q", got)
	}
	tab.do(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("#filters")))
	if got := eval[[]string](tab, rows); len(got) != 1 {
		t.Errorf("after a reload: %q", got)
	}
	tab.do(chromedp.Click(chromedp.CSS(`button[type=reset]`)))
	tab.do(chromedp.WaitVisible(chromedp.CSS(`tr[data-slug="promises"]`)))
	if got := eval[[]string](tab, rows); len(got) != len(all) {
		t.Errorf("reset shows %d of %d", len(got), len(all))
	}

	tab.do(chromedp.Click(chromedp.CSS(`th[data-sort=must] button`)), chromedp.Click(chromedp.CSS(`th[data-sort=must] button`)))
	numbers := eval[[]int](tab, `[...document.querySelectorAll('#matrix tbody tr')].map((r) => +r.dataset.must)`)
	for i := 1; i < len(numbers); i++ {
		if numbers[i] > numbers[i-1] {
			t.Errorf("sorted by failed Musts, the most first: %v", numbers)
			break
		}
	}

	for _, slug := range []string{"session-file-store", "connect-loki-1.2.0"} {
		tab.do(chromedp.Click(chromedp.CSS(`tr[data-slug="` + slug + `"] .pick`)))
	}
	tab.do(chromedp.Click(chromedp.CSS(`#compare-button`)))
	if got := eval[string](tab, `[...document.querySelectorAll('#compare thead th')].map((c) => c.textContent.trim().split(' ')[0]).join()`); !strings.HasSuffix(got, "session-file-store,connect-loki-1.2.0") {
		t.Errorf("compared: %q", got)
	}
	first := eval[[]string](tab, `[...document.querySelector('#compare tbody').rows].slice(0, 2).flatMap((r) => [...r.cells].map((c) => c.textContent))`)
	if len(first) != 4 || !strings.HasPrefix(first[0], "Differs: ") || first[2] == first[3] {
		t.Errorf("what differs does not come first: %q", first)
	}
	tab.do(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("#filters")))
	if eval[bool](tab, `document.getElementById('compare').hidden`) {
		t.Errorf("the address does not bring back the comparison: %s", eval[string](tab, `location.href`))
	}

	tab.do(chromedp.Navigate(home+"index.html#chapter-touch"), chromedp.WaitReady(chromedp.CSS("#filters")))
	if !eval[bool](tab, `document.getElementById('chapter-touch').open`) {
		t.Error("a link to a chapter does not open it")
	}
	tab.quiet("the front page")
}

// The viewer shows a report of the reader's own, whatever its texts hold, and says what is wrong with another file.
func TestViewer(t *testing.T) {
	b := browser(t)
	dir := build(t)
	hostile := readResult(t, "../../report/testdata/stores/session-file-store.json")
	hostile.Target.Name = `<img src=x onerror="document.title='owned'"><b>bold</b>`
	path := filepath.Join(t.TempDir(), "report.json")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := hostile.Write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other.json")
	if err := os.WriteFile(other, []byte(`{"name":"a package"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	home := "file://" + dir + "/"
	tab := openTab(b, t, home)
	tab.as(look{768, 900, "light"})
	tab.do(chromedp.Navigate(home+"view/index.html"), chromedp.SetUploadFiles(chromedp.CSS(`#file`), []string{path}), chromedp.WaitVisible(chromedp.CSS(`#results .outcome`)))
	if got := eval[string](tab, `document.querySelector('#results h2').textContent`); !strings.HasPrefix(got, hostile.Target.Name) {
		t.Errorf("the name is shown as %q", got)
	}
	if got := eval[int](tab, `document.querySelectorAll('#results img, #results b').length`); got != 0 {
		t.Errorf("the name has become %d elements", got)
	}
	failed := 0
	for _, byStatus := range hostile.Counts {
		failed += byStatus["fail"]
	}
	if got := eval[int](tab, `document.querySelectorAll('#results .failure').length`); got != failed || failed == 0 {
		t.Errorf("%d failures are shown of %d", got, failed)
	}
	tab.do(chromedp.SetUploadFiles(chromedp.CSS(`#file`), []string{other}), chromedp.WaitVisible(chromedp.CSS(`#trouble`)))
	if got := eval[string](tab, `document.getElementById('trouble').textContent`); !strings.Contains(got, "not a report of storecheck") {
		t.Errorf("another file: %q", got)
	}
	tab.quiet("the viewer")
}
