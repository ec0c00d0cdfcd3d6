package chapters

import (
	"math"
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var getChecks = []engine.Check{
	{Requirement: contract.GetAfterSet, Body: getAfterSet, When: engine.First},
	{Requirement: contract.GetMissing, Body: getMissing, When: engine.Exclusive}, // before any other check asks for what is missing
	{Requirement: contract.GetUsableCookie, Body: getUsableCookie},
	{Requirement: contract.GetOwnSession, Body: getOwnSession},
	{Requirement: contract.GetPromptMiss, Body: getPromptMiss, When: engine.Exclusive},
	// The only file that appears is the record's when nothing else is going on.
	{Requirement: contract.GetCorruptRecord, Body: getCorruptRecord, When: engine.Exclusive, Reopens: true},
	{Requirement: contract.GetBackendFailure, Body: getBackendFailure, When: engine.Last, Reopens: true},
	{Requirement: contract.GetBackendErrorReported, Body: getBackendErrorReported, When: engine.Last, Reopens: true},
}

func getMissing(t *engine.C) {
	_ = t.TrySet(t.ID(), t.Session("user", t.Tag())) // which must not be taken for another; get/after-set judges the set
	ids := []string{t.ID(), t.ID(), t.ID()}
	expectEachMissing(t, ids, func(i int) (*spec.Session, error) { return t.TryGet(ids[i]) })
}

func getAfterSet(t *engine.C) {
	id, want := t.ID(), t.Session("user", map[string]any{"id": 42, "name": "Ada", "roles": []string{"admin", "editor"}}, "views", 7)
	t.Set(id, want)
	got := t.Get(id)
	if got == nil {
		seekMissing(t, id)
	}
	expectData(t, got, want)
}

func getUsableCookie(t *engine.C) {
	for _, want := range []*spec.Session{t.Session("user", t.Tag()), t.SessionWith(spec.NewCookie(), "user", t.Tag())} {
		id := t.ID()
		set, expires := want.Cookie.Expires()
		t.Set(id, want)
		got := t.Get(id)
		t.Expect(got).NotTo(compare.BeMissing())
		raw, _ := got.Cookie.Raw("expires")
		switch {
		case !slices.Contains(t.Profile().Cookie, "expires"):
			age, _ := want.Cookie.Raw("originalMaxAge")
			if shown, ok := got.Cookie.Raw("originalMaxAge"); !ok || spec.Diff(age, shown) != "" {
				t.Fail("wanted    a cookie whose maxAge is %s\ngot       %s", age, got.Cookie)
			}
		case !expires:
			if text := string(raw); text != "" && text != "null" && text != "false" {
				t.Fail("wanted    a cookie whose expires is null, false or absent\ngot       %s", got.Cookie)
			}
		default:
			// express-session cannot write a number of milliseconds into a Set-Cookie header, although it is the same instant.
			if seen, ok := got.Cookie.Expires(); !ok || !sameInstant(t, seen, set) || raw[0] != '"' {
				t.Fail("wanted    a cookie whose expires is %s, as an ISO string or a date\ngot       %s", wantedExpires(t, want), got.Cookie)
			}
		}
	}
}

func getOwnSession(t *engine.C) {
	id := t.ID()
	t.Set(id, t.Session("user", t.Tag()))
	expectMissing(t,
		id[:len(id)-1], id[:len(id)/2], id+"A", id+id,
		differently(id, 0), differently(id, len(id)/2), differently(id, len(id)-1),
	)
}

// getPromptMiss compares the fastest of some misses with the fastest of some calls that cannot do without the backend: a busy machine is no
// slow store, and a store far from its backend waits for everything.
func getPromptMiss(t *engine.C) {
	const limit = 100 * time.Millisecond
	miss := fastestOf(limit, func() { _, _ = t.TryGet(t.ID()) }) // another requirement judges the answer
	if t.MissesHang() {
		t.Skip("no get of a missing session is answered")
	}
	if miss <= limit {
		return
	}
	id := t.ID()
	set := fastestOf(0, func() { _ = t.TrySet(id, t.Session("user", t.Tag())) })
	hit := fastestOf(0, func() { _, _ = t.TryGet(id) })
	if usual := max(set, hit); miss > usual+limit {
		t.Fail("wanted    an answer within %s, or %[1]s more than a set or the get of a stored session, which take %s\ngot       none faster than %s",
			phrase.Milliseconds(limit), phrase.Milliseconds(usual), phrase.Milliseconds(miss))
	}
}

// fastestOf returns how long the fastest of some calls takes. One that takes no longer than enough is the last.
func fastestOf(enough time.Duration, call func()) time.Duration {
	const tries = 5
	best := time.Duration(math.MaxInt64)
	for range tries {
		start := time.Now()
		call()
		if best = min(best, time.Since(start)); best <= enough {
			break
		}
	}
	return best
}

func getCorruptRecord(t *engine.C) {
	i := t.Open()
	id, damaged := t.ID(), t.Session("user", t.Tag(), "text", engine.LongText)
	otherID, other := t.ID(), t.Session("user", t.Tag(), "text", engine.LongText)
	defer func() {
		// A damaged record that stays could harm the checks to come.
		if t.Subject().Shared {
			i = t.Instance
		}
		if i != nil {
			_ = i.TryDestroy(id)
		}
	}()
	i.Set(otherID, other)
	damageRecord(t, id, func() { i.Set(id, damaged) })
	look := func() {
		// A store may answer from memory or from a second copy.
		if got := getOnce(i, id); got != nil {
			expectData(t, got, damaged)
		}
		expectData(t, i.Get(otherID), other)
	}
	look()
	if t.Subject().Durable {
		i.Close()
		var err error
		if i, err = t.TryOpen(); err != nil {
			t.Fail("wanted    the store to open with a damaged record\ngot       %v", err)
		}
		look()
	}
}

func getBackendFailure(t *engine.C) {
	i := t.Open()
	id, want := t.ID(), t.Session("user", t.Tag())
	i.Set(id, want)
	breakBackend(i)
	if got := getOnce(i, id); got != nil {
		expectData(t, got, want)
	}
}

func getBackendErrorReported(t *engine.C) {
	i := t.Open()
	id, want := t.ID(), t.Session("user", t.Tag())
	i.Set(id, want)
	breakBackend(i)
	// A store may answer from memory with the first session, but it cannot know the id that was never set.
	for _, id := range []string{id, t.ID()} {
		if got, err := i.TryGet(id); err == nil && got == nil {
			t.Fail("wanted    an error, as the backend fails\ngot       no session")
		}
	}
}
