package browser

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// committed makes the site of the committed results, as a reader of the repository does.
func committed(tb testing.TB) (dir string) {
	tb.Helper()
	dir = filepath.Join(tb.TempDir(), "site")
	c := exec.Command("go", "run", "./cmd/storecheck", "site", dir)
	c.Dir = "../.."
	if out, err := c.CombinedOutput(); err != nil {
		tb.Fatalf("%v: %s", err, out)
	}
	return dir
}

// No page of the real results is wider than a phone, nor the matrix wider than a desk: they have longer names and texts than the recorded ones.
func TestCommittedResultsFit(t *testing.T) {
	b := browser(t)
	dir := committed(t)
	home := "file://" + dir + "/"
	tab := openTabFor(b, t, home, 10*time.Minute)
	tab.as(look{360, 640, "light"})
	every := 5
	if os.Getenv("STORECHECK_THOROUGH") != "" {
		every = 1
	}
	pages := 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(page string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if page == "run" { // the same pages once more
			return fs.SkipDir
		}
		if e.IsDir() || !strings.HasSuffix(page, ".html") {
			return nil
		}
		if pages++; pages%every != 0 {
			return nil
		}
		tab.do(chromedp.Navigate(home+page), chromedp.WaitReady(chromedp.CSS("main")))
		const open = `for (const d of document.querySelectorAll('details')) d.open = true; `
		if wide := eval[int64](tab, open+`document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s is %d px wide", page, wide)
		}
		return nil
	})
	if err != nil || pages < 300 {
		t.Errorf("%d pages, %v", pages, err)
	}
	tab.as(look{1440, 900, "light"})
	tab.do(chromedp.Navigate(home+"index.html"), chromedp.WaitReady(chromedp.CSS("main")))
	if over := eval[int64](tab, `(() => { const box = document.getElementById('matrix').closest('.scroll'); return box.scrollWidth - box.clientWidth })()`); over > 0 {
		t.Errorf("on a desk the matrix is %d px wider than its box", over)
	}
	tab.in(look{1040, 720, "light"}, "print") // A4, on its side
	if over := eval[float64](tab, `document.getElementById('matrix').getBoundingClientRect().right - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("on paper the matrix is %v px too wide", over)
	}
	tab.quiet("the committed results")
}
