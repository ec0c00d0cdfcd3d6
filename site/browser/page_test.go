package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A tab is a tab of the browser that notes what must not happen.
type tab struct {
	context.Context
	tb testing.TB

	mu      sync.Mutex
	home    string // where every request must go
	trouble []string
}

// browser starts Chromium, or skips.
func browser(tb testing.TB) context.Context {
	tb.Helper()
	path := chromium()
	if path == "" {
		tb.Skip("there is no Chromium: install Debian's package chromium, or name the program in CHROMIUM")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter"))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the pages are our own
	}
	allocated, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	tb.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocated)
	tb.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatalf("Chromium does not start: %v", err)
	}
	return ctx
}

// openTab opens a tab for pages below home.
func openTab(browser context.Context, tb testing.TB, home string) *tab {
	return openTabFor(browser, tb, home, 4*time.Minute)
}

// openTabFor opens a tab that may be used for so long.
func openTabFor(browser context.Context, tb testing.TB, home string, most time.Duration) *tab {
	tb.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	tb.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, most)
	tb.Cleanup(cancel)
	t := &tab{Context: ctx, tb: tb, home: home}
	if err := chromedp.Listen(ctx, t.see); err != nil {
		tb.Fatal(err)
	}
	t.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		_, err2 := cdp.Call(ctx, target, log.Enable, cdp.Empty{})
		return errors.Join(err, err2)
	}))
	return t
}

// see notes every message of the console, every exception, every request that fails or leaves the site.
func (t *tab) see(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		t.note("console: %s", e.Type)
	case *runtime.EventExceptionThrown:
		t.note("exception: %s", e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		t.note("log: %s %s", e.Entry.Text, e.Entry.URL)
	case *network.EventRequestWillBeSent:
		if url := e.Request.URL; !strings.HasPrefix(url, t.home) && !strings.HasPrefix(url, "data:") {
			t.note("a request to %s", url)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			t.note("a request failed: %s", e.ErrorText)
		}
	}
}

func (t *tab) note(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trouble = append(t.trouble, fmt.Sprintf(format, args...))
}

// quiet fails the test if anything was noted.
func (t *tab) quiet(where string) {
	t.tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, trouble := range t.trouble {
		t.tb.Errorf("%s: %s", where, trouble)
	}
	t.trouble = nil
}

func (t *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	t.tb.Helper()
	if err := chromedp.Do(t, steps...); err != nil {
		t.tb.Fatal(err)
	}
}

// look is a way to look at a page.
type look struct {
	width, height int64
	scheme        string
}

func (l look) String() string { return fmt.Sprintf("%d px, %s", l.width, l.scheme) }

func (t *tab) as(l look) { t.in(l, "") }

// in is as, in a medium such as print.
func (t *tab) in(l look, medium string) {
	t.tb.Helper()
	t.do(
		chromedp.EmulateViewport(l.width, l.height),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Media:    medium,
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}},
			})
			return err
		}),
	)
}

// eval evaluates an expression in the page.
func eval[T any](t *tab, expression string) T {
	t.tb.Helper()
	value, err := chromedp.Run(t, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.tb.Fatal(err)
	}
	return value
}
