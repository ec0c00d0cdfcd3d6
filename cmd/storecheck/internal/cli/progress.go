package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/storecheck/storecheck/internal/excerpt"
	"github.com/storecheck/storecheck/spec/contract"
)

// A progressBoard shows one line for each target on a terminal. Elsewhere, as in the log of a build, it writes a line now and then, so that
// somebody who waits sees what takes time.
type progressBoard struct {
	bars    *mpb.Progress // nil without a terminal
	planned int           // for each target
	did     string        // see progressLine
	stop    func()        // ends the lines that are written now and then

	mu    sync.Mutex
	lines []*progressLine
}

// progressPause is the time between two lines without a terminal.
const progressPause = 10 * time.Second

// A progressLine shows how far the check of a target is.
type progressLine struct {
	name    string
	planned int
	did     string   // what happens to each: checked, measured
	bar     *mpb.Bar // nil without a terminal

	mu      sync.Mutex
	now     string // what takes time now
	checked int
	failed  int
	last    time.Time // when one was checked last
	over    bool
}

// progressRefresh is how long a user waits for the first line.
const progressRefresh = 50 * time.Millisecond

func newProgressBoard(w io.Writer, targets []string, planned int, did string) *progressBoard {
	b := openBoard(w, planned, did)
	for _, name := range targets {
		b.add(name)
	}
	if b.bars == nil {
		b.stop = writeLines(w, progressPause, b.text)
	}
	return b
}

// openBoard returns a board without lines.
func openBoard(w io.Writer, planned int, did string) *progressBoard {
	b := &progressBoard{planned: planned, did: did, stop: func() {}}
	if terminal(w) != nil && os.Getenv("TERM") != "dumb" {
		b.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(30), mpb.WithRefreshRate(progressRefresh))
	}
	return b
}

// add adds the line of a target.
func (b *progressBoard) add(name string) *progressLine {
	l := &progressLine{name: name, planned: b.planned, did: b.did, now: "waiting"}
	if b.bars != nil {
		l.bar = b.bars.AddBar(int64(b.planned), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(name, decor.WCSyncSpaceR)),
			mpb.AppendDecorators(decor.CountersNoUnit("%d/%d "), decor.Any(func(decor.Statistics) string { return l.remark() })))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, l)
	return l
}

// writeLines writes a line at each pause, until it is stopped.
func writeLines(w io.Writer, pause time.Duration, text func() string) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var written sync.WaitGroup
	written.Go(func() {
		ticker := time.NewTicker(pause)
		defer ticker.Stop()
		for start := time.Now(); ; {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				fmt.Fprintf(w, "storecheck: after %s: %s\n", time.Since(start).Round(time.Second), text())
			}
		}
	})
	return func() {
		cancel()
		written.Wait()
	}
}

// remove takes the line of a target away.
func (b *progressBoard) remove(l *progressLine) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = slices.DeleteFunc(b.lines, func(other *progressLine) bool { return other == l })
}

// text says how far every target is that is not done.
func (b *progressBoard) text() string {
	const most = 3 // targets in a line
	b.mu.Lock()
	lines := slices.Clone(b.lines)
	b.mu.Unlock()
	var parts []string
	done := 0
	for _, l := range lines {
		text, over := l.text()
		switch {
		case over:
			done++
		case len(parts) < most:
			parts = append(parts, text)
		}
	}
	if more := len(lines) - done - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("%d more targets", more))
	}
	if done > 0 {
		parts = append(parts, fmt.Sprintf("%d done", done))
	}
	return strings.Join(parts, "; ")
}

// text says how far the check of a target is, and whether it is over.
func (l *progressLine) text() (text string, over bool) {
	const long = 40
	remark := l.remark()
	l.mu.Lock()
	defer l.mu.Unlock()
	name := excerpt.Start(l.name, long)
	if l.checked == 0 {
		return name + ": " + cmp.Or(remark, "checking"), l.over
	}
	text = fmt.Sprintf("%s: %d of %d %s, %d failed", name, l.checked, l.planned, l.did, l.failed)
	if still := time.Since(l.last).Round(time.Second); still >= progressPause {
		text += fmt.Sprintf(", none for %s: the store is slow, or leaves calls unanswered", still)
	}
	return text, l.over
}

// wait returns when every line is gone.
func (b *progressBoard) wait() {
	b.stop()
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

// plan says how many there are.
func (l *progressLine) plan(n int) {
	l.mu.Lock()
	changed := l.planned != n
	l.planned = n
	l.mu.Unlock()
	if l.bar != nil && changed {
		l.bar.SetTotal(int64(n), false)
	}
}

// count counts a verdict. A Should that fails is no failure here: it does not change what a run says of a store.
func (l *progressLine) count(v contract.Verdict) {
	q, known := contract.Lookup(v.ID)
	l.step(v.Status == contract.Fail && (!known || q.Level == contract.Must))
}

// step counts one of what is planned.
func (l *progressLine) step(failed bool) {
	l.mu.Lock()
	l.checked++
	l.last = time.Now()
	if failed {
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
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	if l.bar != nil {
		l.bar.Abort(true)
	}
}
