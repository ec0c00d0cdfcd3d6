package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/storecheck/storecheck/spec/contract"
)

// A progressBoard shows one line for each target on a terminal, and nothing elsewhere.
type progressBoard struct {
	bars  *mpb.Progress // nil without a terminal
	lines []*progressLine
}

// A progressLine shows how far the check of a target is.
type progressLine struct {
	bar *mpb.Bar // nil without a terminal

	mu     sync.Mutex
	now    string // what takes time now
	failed int
}

// progressRefresh is how long a user waits for the first line.
const progressRefresh = 50 * time.Millisecond

func newProgressBoard(w io.Writer, targets []string, planned int) *progressBoard {
	b := &progressBoard{}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		b.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(30), mpb.WithRefreshRate(progressRefresh))
	}
	for _, name := range targets {
		l := &progressLine{now: "waiting"}
		b.lines = append(b.lines, l)
		if b.bars != nil {
			l.bar = b.bars.AddBar(int64(planned), mpb.BarRemoveOnComplete(),
				mpb.PrependDecorators(decor.Name(name, decor.WCSyncSpaceR)),
				mpb.AppendDecorators(decor.CountersNoUnit("%d/%d "), decor.Any(func(decor.Statistics) string { return l.remark() })))
		}
	}
	return b
}

// wait returns when every line is gone.
func (b *progressBoard) wait() {
	if b.bars != nil {
		b.bars.Wait()
	}
}

// doing shows what takes time now.
func (l *progressLine) doing(now string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = now
}

// count counts a verdict.
func (l *progressLine) count(v contract.Verdict) {
	l.mu.Lock()
	if v.Status == contract.Fail {
		l.failed++
	}
	l.mu.Unlock()
	// Increment waits for the goroutine of the bar. That one may be in remark, which locks mu.
	if l.bar != nil {
		l.bar.Increment()
	}
}

// remark is the text behind the counters.
func (l *progressLine) remark() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.now != "":
		return l.now
	case l.failed > 0:
		return fmt.Sprintf("%d failed", l.failed)
	}
	return ""
}

// done removes the line.
func (l *progressLine) done() {
	if l.bar != nil {
		l.bar.Abort(true)
	}
}
