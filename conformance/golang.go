package conformance

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var goChecks = []check{
	{requirement: contract.GoCancelledContext, body: cancelledContext, when: exclusive},
	{requirement: contract.GoEmptyID, body: emptyID, when: last},
	{requirement: contract.GoNoGoroutineLeak, body: noGoroutineLeak, when: last, reopens: true},
}

func cancelledContext(t *C) {
	cancelled, cancel := context.WithCancel(t)
	cancel()
	late, cancelLate := context.WithDeadline(t, time.Now().Add(-time.Second))
	defer cancelLate()
	for _, ctx := range []context.Context{cancelled, late} {
		callWith(ctx, t)
	}
}

// callWith makes every call with a context that has ended.
func callWith(ctx context.Context, t *C) {
	id, fresh, want := t.ID(), t.ID(), t.Session("tag", t.Tag())
	t.Set(id, want)
	try := func(what string, f func() error) {
		err := t.call(what+" with a context that has ended", nothing, func(context.Context) error { return f() })
		if !errors.Is(err, ctx.Err()) {
			t.Fail("wanted    an error of %s for which errors.Is(err, %q) holds\ngot       %v", what, ctx.Err(), err)
		}
	}
	past := t.SessionFor(-time.Minute, "tag", t.Tag())
	try("get", func() error { _, err := t.store.Get(ctx, id); return err })
	try("set", func() error { return t.store.Set(ctx, id, t.Session("tag", t.Tag())) })
	try("set", func() error { t.storing(fresh); return t.store.Set(ctx, fresh, t.Session("tag", t.Tag())) })
	try("destroy", func() error { return t.store.Destroy(ctx, id) })
	if s, ok := t.store.(spec.Toucher); ok && t.capabilities.Touch {
		try("touch", func() error { return s.Touch(ctx, id, past) })
	}
	if s, ok := t.store.(spec.Lister); ok && t.capabilities.All {
		try("all", func() error { _, err := s.All(ctx); return err })
	}
	if s, ok := t.store.(spec.Counter); ok && t.capabilities.Length {
		try("length", func() error { _, err := s.Length(ctx); return err })
	}
	if s, ok := t.store.(spec.Clearer); ok && t.capabilities.Clear && t.suite.subject.Disposable {
		try("clear", func() error { return s.Clear(ctx) })
	}
	t.expectData(t.Get(id), want)
	t.Expect(t.Find(fresh)).To(BeMissing())
}

func emptyID(t *C) {
	session := t.Session("tag", t.Tag())
	try := func(err error) {
		crash := (*panicked)(nil)
		if errors.As(err, &crash) || errors.Is(err, errNoAnswer) {
			t.Fail("wanted    an answer or an error for the empty id\ngot       %v", err)
		}
	}
	_, err := t.TryGet("")
	try(err)
	try(t.TrySet("", session))
	_, err = t.TryGet("")
	try(err)
	if t.capabilities.Touch {
		try(t.TryTouch("", session))
	}
	try(t.TryDestroy(""))
}

// goroutineLabel marks the goroutines that a store starts: a goroutine inherits the labels of the one that starts it.
const goroutineLabel = "storecheck"

func noGoroutineLeak(t *C) {
	const most, step = 2 * time.Second, 20 * time.Millisecond // awake, for them to end
	tag := rand.Text()                                        // not of the seed, which another run in this process may have too
	pprof.Do(t, pprof.Labels(goroutineLabel, tag), func(context.Context) {
		i := t.closing()
		id, session := t.ID(), t.Session("tag", t.Tag())
		i.Set(id, session)
		if t.capabilities.Touch {
			i.Touch(id, session)
		}
		i.Get(id)
		i.Destroy(id)
		i.Close()
	})
	var left []string
	closed := time.Now()
	for range most / step {
		if left = goroutinesWith(tag); len(left) == 0 {
			return
		}
		t.pause(step)
	}
	t.Fail("wanted    the goroutines that the store started to end with its Close\ngot       %s %.1f s later", strings.Join(left, ", "), time.Since(closed).Seconds())
}

// goroutinesWith names the goroutines with a label: how many stand in which function.
func goroutinesWith(tag string) []string {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return []string{err.Error()}
	}
	var found []string
	for stack := range strings.SplitSeq(profile.String(), "\n\n") {
		if !strings.Contains(stack, `"`+goroutineLabel+`":"`+tag+`"`) {
			continue
		}
		count := "1"
		for line := range strings.SplitSeq(stack, "\n") {
			if n, _, ok := strings.Cut(line, " @ "); ok {
				count = n
			}
			fields := strings.Fields(line)
			if len(fields) > 3 && fields[0] == "#" && !strings.HasPrefix(fields[2], "runtime.") && !strings.HasPrefix(fields[2], "internal/") {
				found = append(found, fmt.Sprintf("%s in %s", count, fields[2]))
				break
			}
		}
	}
	return found
}
