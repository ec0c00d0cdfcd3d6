package chapters

import (
	"os"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
)

// closingTime is far above what it takes to close a file or a connection that is not needed any more.
const closingTime = 2 * time.Second

// A repeatedCall is made often, always on one id: what a store keeps open by id, it keeps open once.
type repeatedCall struct {
	name string
	make func() error
}

func resourcesOpenFiles(t *engine.C) {
	if _, known := openFiles(t); !known {
		t.Skip("the system does not tell what the process has open")
	}
	ended := newLife(t, shortestLife(t), "user", t.Tag())
	id, missing, session := t.ID(), t.ID(), t.Session("user", t.Tag())
	t.Set(id, session)
	calls := []repeatedCall{
		{"get", func() error { return found(t, id) }},
		{"set", func() error { return t.TrySet(id, session) }},
		{"get of a session that is missing", func() error { return found(t, missing) }},
		{"destroy of a session that is missing", func() error { return t.TryDestroy(missing) }},
	}
	if t.Capabilities().Touch {
		calls = append(calls, repeatedCall{"touch", func() error { return t.TryTouch(id, session) }})
	}
	if !t.MissesHang() { // then it is as the one that is missing
		t.Until(goneBy(t, ended))
		calls = append(calls, repeatedCall{"get of a session that has ended", func() error { return found(t, ended.id) }})
	}
	many := callsToRepeat(calls[len(calls)-1])
	if !leaves(t, many, calls...) {
		return
	}
	// What opens now and then, such as the connections of a pool, does not open as often again.
	for _, call := range calls {
		again := leaves(t, many, call)
		if again && leaves(t, many, call) {
			t.Fail("wanted    calls to leave no file and no connection open\ngot       one more with each %s", call.name)
		}
	}
}

// found gets a session. That it is missing is no error.
func found(t *engine.C, id string) error {
	_, err := t.TryFind(id)
	return err
}

// callsToRepeat is how often each call is made: less often where it takes long.
func callsToRepeat(call repeatedCall) int {
	start := time.Now()
	_ = call.make()
	if time.Since(start) > 50*time.Millisecond {
		return 20
	}
	return 50
}

// leaves reports whether about as many files are open after calls as were made of one of them. Their errors are judged by others.
func leaves(t *engine.C, many int, calls ...repeatedCall) bool {
	const atOnce = 10
	before, _ := openFiles(t)
	for _, call := range calls {
		for range many / atOnce {
			t.Parallel(atOnce, func(int) error { return call.make() })
		}
	}
	return !eventuallyWithin(t, closingTime, func() bool {
		now, _ := openFiles(t)
		return now-before < many*4/5
	})
}

// openFiles counts what the store's process has open, where that is known.
func openFiles(t *engine.C) (n int, known bool) {
	if t.Prober() == nil {
		entries, err := os.ReadDir("/proc/self/fd")
		return len(entries), err == nil
	}
	if !t.Has(contract.NeedResources) {
		return 0, false
	}
	if n := heldBy(t).OpenFiles; n != nil {
		return *n, true
	}
	return 0, false
}
