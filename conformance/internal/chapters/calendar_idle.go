package chapters

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// droppedNights are how often a store is left alone. Each night another call is the first.
const droppedNights = 4

// A dropSeen is what was seen of a store in nights in which its server dropped the connections.
type dropSeen struct {
	failed string // the calls that failed after the first night after which any did
	fatal  string // what has ended the process, or would have but for the suite
	calls  []string
}

var dropObserved engine.Shared[*dropSeen]

func observeDrops(t *engine.C) *dropSeen {
	return dropObserved.Observe(t, func() *dropSeen {
		t.Reseed("drops", 0)
		s := onMachine(t)
		n := &idleNight{solitude: s, seen: &dropSeen{}, known: s.life(30 * day), set: s.ID(), touched: s.life(30 * day)}
		for range droppedNights {
			n.gone = append(n.gone, s.life(30*day).id)
		}
		for k := 0; k < droppedNights && n.seen.fatal == ""; k++ {
			n.pass()
			if n.seen.fatal = s.fatality(); n.seen.fatal == "" {
				n.dawn(k)
			}
		}
		if n.seen.fatal == "" {
			t.Pause(engine.Settle)
			n.seen.fatal = s.fatality()
		}
		return n.seen
	})
}

func calendarIdleLives(t *engine.C) {
	if seen := observeDrops(t); seen.fatal != "" {
		seenTwice(t)
		t.ShowCalls(seen.calls...)
		t.Fail("wanted    nothing that ends the process\ngot       %s", seen.fatal)
	}
}

func calendarIdleDropped(t *engine.C) {
	switch seen := observeDrops(t); {
	case seen.failed != "":
		seenTwice(t)
		t.ShowCalls(seen.calls...)
		t.Fail("wanted    the first get, set, touch and destroy after the night to be served\ngot       %s", seen.failed)
	case seen.fatal != "":
		t.Skip("the store's process did not live through the night")
	}
}

// An idleNight is a store that is left alone at night.
type idleNight struct {
	*solitude
	seen           *dropSeen
	known, touched life
	set            string
	gone           []string // one for each night
}

// pass lets a night pass. The timers of the store and of its client have their turn first, and then the server ends the connections that are left. What
// timers bring about that fire at one moment, and would not in a real night, is not judged.
func (n *idleNight) pass() {
	if n.seen.fatal = n.fatality(); n.seen.fatal != "" {
		return
	}
	n.later(10 * time.Hour)
	if events, err := n.events(); err == nil {
		n.before = len(events)
	}
	n.bounded(n.machine.Drop)
	n.seen.calls = append(n.seen.calls, "… 10 hours later the server has ended the connections that idled …")
}

// dawn makes the first calls after the kth night.
func (n *idleNight) dawn(k int) {
	store := n.store.Store()
	calls := []func(){
		func() {
			n.ask(fmt.Sprintf("get(%s)", phrase.Quote(n.known.id)), func(ctx context.Context) error {
				got, err := store.Get(ctx, n.known.id)
				if spec.IsMissing(got, err) {
					return errors.New("there is no session, although it lives")
				}
				return err
			})
		},
		func() {
			session := n.sessionFor(30 * day)
			n.ask(fmt.Sprintf("set(%s, …)", phrase.Quote(n.set)), func(ctx context.Context) error { return store.Set(ctx, n.set, session) })
		},
		func() {
			if toucher, ok := store.(spec.Toucher); ok && n.Capabilities().Touch {
				session := n.touched.session.Clone()
				session.Cookie.SetMaxAge(n.machine.Now(), 30*day)
				n.ask(fmt.Sprintf("touch(%s, …)", phrase.Quote(n.touched.id)), func(ctx context.Context) error { return toucher.Touch(ctx, n.touched.id, session) })
			}
		},
		func() {
			n.ask(fmt.Sprintf("destroy(%s)", phrase.Quote(n.gone[k])), func(ctx context.Context) error { return store.Destroy(ctx, n.gone[k]) })
		},
	}
	before := n.seen.failed
	for i := range calls {
		if n.seen.fatal == "" && (before == "" || n.seen.failed == before) {
			calls[(k+i)%len(calls)]()
		}
	}
}

// ask makes a call, and keeps how it failed.
func (n *idleNight) ask(text string, call func(context.Context) error) {
	limit := n.CallTimeout(text[:strings.IndexByte(text, '(')])
	ctx, cancel := awake.WithTimeout(probe.WithLimit(n, limit), limit+time.Second)
	defer cancel()
	err := engine.GuardError(ctx, call)
	answer := "ok"
	switch {
	case errors.Is(err, probe.ErrDied):
		n.seen.fatal, answer = err.Error(), "the process has ended"
	case errors.Is(err, probe.ErrBroken):
		n.Broken(err)
	case err != nil:
		answer = "error: " + err.Error()
		n.seen.failed = strings.TrimPrefix(n.seen.failed+"; ", "; ") + text + " " + answer
	}
	n.seen.calls = append(n.seen.calls, fmt.Sprintf("%s → %s", text, answer))
}

// fatality returns what has ended the process, or would have but for the suite, since the store was opened; "" for nothing.
func (s *solitude) fatality() string {
	events, err := s.events()
	if errors.Is(err, probe.ErrDied) {
		return err.Error()
	}
	s.must(err)
	for _, e := range events[min(s.before, len(events)):] {
		if e.Kind == "uncaughtException" || e.Kind == "unhandledRejection" {
			return fmt.Sprintf("%s: %s", e.Kind, phrase.Fault(e.Fault))
		}
	}
	return ""
}
