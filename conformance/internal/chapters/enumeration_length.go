package chapters

import (
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// expectLength fails the check unless length answers with a number. why tells a reader where the number comes from.
func expectLength(t *engine.C, want int, why string) {
	if got := t.Length(); got != want {
		t.Fail("wanted    a length of %d: %s\ngot       %d", want, why, got)
	}
}

func enumerationLengthCounts(t *engine.C) {
	const n = 10
	expectNoneCounted(t)
	before := t.Length()
	if before < 0 {
		t.Fail("wanted    a number of sessions\ngot       a length of %d", before)
	}
	setMarked(t, t.Instance, n)
	expectLength(t, before+n, fmt.Sprintf("%d sets of new ids after a length of %d", n, before))
}

// expectNoneCounted fails the check if length counts something in an empty store. A length that grows with each clear is the fault of clear.
func expectNoneCounted(t *engine.C) {
	if !emptyStore(t) {
		return
	}
	before := tallyOf(t)
	if emptyStore(t); before.listed == 0 && before.length > 0 && tallyOf(t) == before {
		t.Fail("wanted    a length of 0: the store was cleared, and all lists no session\ngot       %d", before.length)
	}
}

func enumerationLengthReset(t *engine.C) {
	emptyStore(t)
	id := t.ID()
	t.Set(id, t.Session("n", 0))
	before := t.Length()
	for n := range 3 {
		t.Set(id, t.Session("n", n+1))
	}
	expectLength(t, before, "it counts sessions, and the id was stored already")

	// Of many first sets of an id at the same time each may take itself for the first. Another requirement judges whether they may fail.
	const ids, writers = 5, 10
	for range ids {
		id, sessions := t.ID(), rivalSessions(t, writers)
		t.Parallel(writers, func(i int) error { return t.TrySet(id, sessions[i]) })
		t.Set(id, t.Session("tag", t.Tag()))
	}
	expectLength(t, before+ids, fmt.Sprintf("%d new ids, each of which was set %d times together", ids, writers))
}

func enumerationLengthDestroy(t *engine.C) {
	emptyStore(t)
	ids := []string{t.ID(), t.ID()}
	for _, id := range ids {
		t.Set(id, t.Session("tag", t.Tag()))
	}
	before := t.Length()
	// Another requirement judges whether the destroy of a missing session may be answered with an error.
	t.Destroy(ids[0])
	expectLength(t, before-1, "one of them was destroyed")
	_ = t.TryDestroy(ids[0])
	expectLength(t, before-1, "what was destroyed again was missing already")
	_ = t.TryDestroy(t.ID())
	expectLength(t, before-1, "an id that was never set was destroyed")
	if t.Capabilities().Touch {
		touched := t.ID()
		t.Set(touched, t.Session("tag", t.Tag()))
		_ = t.TryTouch(touched, t.Session("tag", t.Tag()))
		t.Destroy(touched)
		expectLength(t, before-1, "one that had been touched was set and destroyed")
	}
	expired := t.ID()
	_ = t.TrySet(expired, t.SessionFor(-time.Hour, "tag", t.Tag()))
	t.Destroy(expired)
	expectLength(t, before-1, "one that had expired was set and destroyed")
	t.Destroy(ids[1])
	_ = t.TryDestroy(ids[1])
	expectTogether(t, before-2)
	if n := t.Length(); n != before-2 || n < 0 {
		t.Fail("wanted    a length of %d, without the two that were destroyed\ngot       %d", before-2, n)
	}
}

// expectTogether destroys each of some new sessions many times at once, which counts once.
func expectTogether(t *engine.C, want int) {
	const ids, destroyers = 5, 10
	for range ids {
		id := t.ID()
		t.Set(id, t.Session("tag", t.Tag()))
		t.Parallel(destroyers, func(int) error { return t.TryDestroy(id) })
		_ = t.TryDestroy(id)
	}
	expectLength(t, want, fmt.Sprintf("%d sessions were set, and then destroyed %d times together", ids, destroyers))
}
