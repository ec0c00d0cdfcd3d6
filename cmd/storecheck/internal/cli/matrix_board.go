package cli

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/matrix"
	"github.com/storecheck/storecheck/report"
)

// A matrixBoard shows the stores that are being checked, a line for each that is done, and how far the whole is. Without a terminal it writes a
// line for each store that is done, and now and then one about the others.
type matrixBoard struct {
	*progressBoard
	out      io.Writer
	total    *mpb.Bar // nil without a terminal
	parallel int
	start    time.Time
	asked    int

	state     sync.Mutex
	waiting   []string // in the order in which they begin
	running   map[string]*matrixLine
	done      int
	durations matrix.Durations
}

// A matrixLine is a store that is being checked.
type matrixLine struct {
	*progressLine
	began time.Time
}

func newMatrixBoard(w io.Writer, p *matrixPlan, parallel int) *matrixBoard {
	b := &matrixBoard{
		progressBoard: openBoard(w, p.planned, "checked"), out: w, parallel: parallel, start: time.Now(), asked: len(p.todo),
		running: map[string]*matrixLine{}, durations: p.durations,
	}
	for _, s := range p.todo {
		b.waiting = append(b.waiting, s.id)
	}
	switch {
	case len(p.todo) == 0:
	case b.bars == nil:
		b.stop = writeLines(w, progressPause, func() string { return strings.TrimSuffix(b.progress()+"; "+b.text(), "; ") })
	default:
		b.out = b.bars // above the bars
		b.total = b.bars.AddBar(int64(b.asked), mpb.BarPriority(math.MaxInt), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name("all stores", decor.WCSyncSpaceR)),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
				return b.progress() + ", " + time.Since(b.start).Round(time.Second).String() + " so far"
			})))
	}
	return b
}

// begin shows that a store is being checked.
func (b *matrixBoard) begin(id string) *progressLine {
	line := b.add(id)
	b.state.Lock()
	defer b.state.Unlock()
	b.waiting = slices.DeleteFunc(b.waiting, func(w string) bool { return w == id })
	b.running[id] = &matrixLine{line, time.Now()}
	return line
}

// drop takes a store away that has no result.
func (b *matrixBoard) drop(id string) {
	b.state.Lock()
	line := b.running[id]
	delete(b.running, id)
	b.state.Unlock()
	b.remove(line.progressLine)
}

// end shows the result of a store.
func (b *matrixBoard) end(r matrix.Row) {
	b.drop(r.ID)
	b.state.Lock()
	b.done++
	if r.Verdict != report.Broken {
		b.durations[r.ID] = time.Duration(r.Seconds * float64(time.Second))
	}
	line := fmt.Sprintf("storecheck: %d of %d: %s: %s\n", b.done, b.asked, r.ID, outcome(r))
	b.state.Unlock()
	_, _ = io.WriteString(b.out, line) // a terminal that is gone has nobody to tell
	if b.total != nil {
		b.total.Increment()
	}
}

// outcome says what came of a store.
func outcome(r matrix.Row) string {
	if r.Verdict == report.Broken {
		return "broken: " + r.Broken
	}
	return fmt.Sprintf("%s, %d must and %d should failed, %.1f s", r.Verdict, r.MustFailed, r.ShouldFailed, r.Seconds)
}

// progress says how many stores are done, and how long the others may take.
func (b *matrixBoard) progress() string {
	b.state.Lock()
	defer b.state.Unlock()
	text := fmt.Sprintf("%d of %d done", b.done, b.asked)
	if len(b.durations) == 0 {
		return text
	}
	var running, waiting []time.Duration
	for id, line := range b.running {
		running = append(running, max(0, b.durations.Of(id)-time.Since(line.began)))
	}
	for _, id := range b.waiting {
		waiting = append(waiting, b.durations.Of(id))
	}
	if left := matrix.Left(running, waiting, b.parallel).Round(time.Second); left > 0 {
		text += ", about " + left.String() + " left"
	}
	return text
}

// wait returns when nothing is shown any more.
func (b *matrixBoard) wait() {
	if b.total != nil {
		b.total.Abort(true)
	}
	b.progressBoard.wait()
}
