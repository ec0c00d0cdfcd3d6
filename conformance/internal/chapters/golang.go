package chapters

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var goChecks = []engine.Check{
	{Requirement: contract.GoCancelledContext, Body: cancelledContext, When: engine.Exclusive},
	{Requirement: contract.GoEmptyID, Body: emptyID, When: engine.Last},
	{Requirement: contract.GoNoGoroutineLeak, Body: noGoroutineLeak, When: engine.Last, Reopens: true},
	{Requirement: contract.GoNoDataRace, Body: noDataRace, When: engine.Last},
}

func cancelledContext(t *engine.C) {
	cancelled, cancel := context.WithCancel(t)
	cancel()
	late, cancelLate := context.WithDeadline(t, time.Now().Add(-time.Second))
	defer cancelLate()
	for _, ctx := range []context.Context{cancelled, late} {
		callWith(ctx, t)
	}
}

// callWith makes every call with a context that has ended.
func callWith(ctx context.Context, t *engine.C) {
	id, fresh, want := t.ID(), t.ID(), t.Session("tag", t.Tag())
	t.Set(id, want)
	try := func(what string, f func() error) {
		err := t.Tell(what, what+" with a context that has ended", func(context.Context) error { return f() })
		if !errors.Is(err, ctx.Err()) {
			t.Fail("wanted    an error of %s for which errors.Is(err, %q) holds\ngot       %v", what, ctx.Err(), err)
		}
	}
	past := t.SessionFor(-time.Minute, "tag", t.Tag())
	try("get", func() error { _, err := t.Store().Get(ctx, id); return err })
	try("set", func() error { return t.Store().Set(ctx, id, t.Session("tag", t.Tag())) })
	try("set", func() error { t.MayStore(fresh); return t.Store().Set(ctx, fresh, t.Session("tag", t.Tag())) })
	try("destroy", func() error { return t.Store().Destroy(ctx, id) })
	if s, ok := t.Store().(spec.Toucher); ok && t.Capabilities().Touch {
		try("touch", func() error { return s.Touch(ctx, id, past) })
	}
	if s, ok := t.Store().(spec.Lister); ok && t.Capabilities().All {
		try("all", func() error { _, err := s.All(ctx); return err })
	}
	if s, ok := t.Store().(spec.Counter); ok && t.Capabilities().Length {
		try("length", func() error { _, err := s.Length(ctx); return err })
	}
	if s, ok := t.Store().(spec.Clearer); ok && t.Capabilities().Clear && t.Subject().Disposable {
		try("clear", func() error { return s.Clear(ctx) })
	}
	expectData(t, t.Get(id), want)
	t.Expect(t.Find(fresh)).To(compare.BeMissing())
}

func emptyID(t *engine.C) {
	session := t.Session("tag", t.Tag())
	try := func(err error) {
		crash := (*engine.Panicked)(nil)
		if errors.As(err, &crash) || errors.Is(err, engine.ErrTimedOut) {
			t.Fail("wanted    an answer or an error for the empty id\ngot       %v", err)
		}
	}
	_, err := t.TryGet("")
	try(err)
	try(t.TrySet("", session))
	_, err = t.TryGet("")
	try(err)
	if t.Capabilities().Touch {
		try(t.TryTouch("", session))
	}
	try(t.TryDestroy(""))
}

// noDataRace judges the whole run: a report names no call.
func noDataRace(t *engine.C) {
	reports, err := t.Subject().Races()
	if err != nil {
		t.Broken(err)
	}
	if len(reports) > 0 {
		t.FailOfRun("wanted    no data race in the processes of the store\ngot       %d reports of the race detector; the first is\n%s", len(reports), reports[0])
	}
}

// goroutineLabel marks the goroutines that a store starts: a goroutine inherits the labels of the one that starts it.
const goroutineLabel = "storecheck"

func noGoroutineLeak(t *engine.C) {
	const most, longest = 2 * time.Second, 100 * time.Millisecond // awake, for them to end; between two looks
	tag := rand.Text()                                            // not of the seed, which another run in this process may have too
	pprof.Do(t, pprof.Labels(goroutineLabel, tag), func(context.Context) {
		i := openToClose(t)
		id, session := t.ID(), t.Session("tag", t.Tag())
		i.Set(id, session)
		if t.Capabilities().Touch {
			i.Touch(id, session)
		}
		i.Get(id)
		i.Destroy(id)
		i.Close()
	})
	left := goroutinesWith(tag)
	closed := time.Now()
	// A look is expensive in a process with many goroutines, so the pauses between looks grow.
	for waited, pause := time.Duration(0), time.Millisecond; len(left) > 0 && waited < most; pause = min(2*pause, longest) {
		t.Pause(pause)
		waited += pause
		left = goroutinesWith(tag)
	}
	if len(left) == 0 {
		return
	}
	t.Fail("wanted    the goroutines that the store started to end with its Close\ngot       %s %.1f s later", strings.Join(left, ", "), time.Since(closed).Seconds())
}

// goroutinesWith names the goroutines with a label: how many stand in which function.
func goroutinesWith(tag string) []string {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return []string{err.Error()}
	}
	return labelledIn(profile.String(), tag)
}

// labelledIn names the goroutines with a label in a profile.
func labelledIn(profile, tag string) (found []string) {
	for stack := range strings.SplitSeq(profile, "\n\n") {
		if !strings.Contains(stack, `"`+goroutineLabel+`":"`+tag+`"`) {
			continue
		}
		count, place := "1", "a goroutine that has not run yet"
		for line := range strings.SplitSeq(stack, "\n") {
			if n, _, ok := strings.Cut(line, " @ "); ok {
				count = n
			}
			fields := strings.Fields(line)
			if len(fields) > 3 && fields[0] == "#" && !strings.HasPrefix(fields[2], "runtime.") && !strings.HasPrefix(fields[2], "internal/") {
				place = fields[2]
				break
			}
		}
		found = append(found, fmt.Sprintf("%s in %s", count, place))
	}
	return found
}
