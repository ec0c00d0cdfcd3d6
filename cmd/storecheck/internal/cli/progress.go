package cli

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/storecheck/storecheck/spec/contract"
)

// progress is a line a target on a terminal, and nothing elsewhere.
type progress struct {
	bars  *mpb.Progress // nil without a terminal
	lines []*line
}

// A line shows how far a target is.
type line struct {
	bar *mpb.Bar

	mu     sync.Mutex
	what   string
	failed int
}

func newProgress(w io.Writer, targets []string, planned int) *progress {
	p := &progress{}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		p.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(30))
	}
	for _, name := range targets {
		l := &line{what: "waiting"}
		p.lines = append(p.lines, l)
		if p.bars != nil {
			l.bar = p.bars.AddBar(int64(planned), mpb.BarRemoveOnComplete(),
				mpb.PrependDecorators(decor.Name(name, decor.WCSyncSpaceR)),
				mpb.AppendDecorators(decor.CountersNoUnit("%d/%d "), decor.Any(func(decor.Statistics) string { return l.text() })))
		}
	}
	return p
}

func (p *progress) line(i int) *line { return p.lines[i] }

func (p *progress) wait() {
	if p.bars != nil {
		p.bars.Wait()
	}
}

// doing shows what takes time now.
func (l *line) doing(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.what = what
}

// step counts a verdict.
func (l *line) step(v contract.Verdict) {
	l.mu.Lock()
	if v.Status == contract.Fail {
		l.failed++
	}
	l.mu.Unlock()
	// The bar waits for its own goroutine, which may be asking for the text.
	if l.bar != nil {
		l.bar.Increment()
	}
}

func (l *line) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.what != "":
		return l.what
	case l.failed > 0:
		return fmt.Sprintf("%d failed", l.failed)
	}
	return ""
}

// done takes the line away.
func (l *line) done() {
	if l.bar != nil {
		l.bar.Abort(true)
	}
}
