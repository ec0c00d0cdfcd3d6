package conformance

import (
	"fmt"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var getChecks = []check{
	{requirement: contract.GetMissing, body: getMissing},
	{requirement: contract.GetAfterSet, body: getAfterSet},
	{requirement: contract.GetUsableCookie, body: getUsableCookie},
	{requirement: contract.GetOwnSession, body: getOwnSession},
	{requirement: contract.GetPromptMiss, body: getPromptMiss, when: exclusive},
	// With nothing else going on, the one file that appears is the record's.
	{requirement: contract.GetCorruptRecord, body: getCorruptRecord, when: exclusive, reopens: true},
	{requirement: contract.GetBackendFailure, body: getBackendFailure, when: last, reopens: true},
	{requirement: contract.GetBackendErrorReported, body: getBackendErrorReported, when: last, reopens: true},
}

func getMissing(t *C) {
	for range 3 {
		t.Expect(t.Get(t.ID())).To(BeMissing())
	}
}

func getAfterSet(t *C) {
	id, want := t.ID(), t.Session("user", map[string]any{"id": 42, "name": "Ada", "roles": []string{"admin", "editor"}}, "views", 7)
	t.Set(id, want)
	t.expectData(t.Get(id), want)
}

func getUsableCookie(t *C) {
	for _, want := range []*spec.Session{t.Session("user", t.Tag()), t.SessionWith(spec.NewCookie(), "user", t.Tag())} {
		id := t.ID()
		set, expires := want.Cookie.Expires()
		t.Set(id, want)
		got := t.Get(id)
		t.Expect(got).NotTo(BeMissing())
		raw, _ := got.Cookie.Raw("expires")
		switch {
		case !expires:
			if text := string(raw); text != "" && text != "null" && text != "false" {
				t.Fail("wanted    a cookie whose expires is null, false or absent\ngot       %s", got.Cookie)
			}
		default:
			// A number of milliseconds would be the same instant, but express-session cannot write it into a Set-Cookie header.
			if seen, ok := got.Cookie.Expires(); !ok || !t.sameInstant(seen, set) || raw[0] != '"' {
				t.Fail("wanted    a cookie whose expires is %s, as an ISO string or a date\ngot       %s", t.wantedExpires(want), got.Cookie)
			}
		}
	}
}

func (t *C) wantedExpires(s *spec.Session) string {
	raw, _ := s.Cookie.Raw("expires")
	if within := t.suite.subject.shownWithin(); within > 0 {
		return fmt.Sprintf("%s, give or take %s", raw, within)
	}
	return string(raw)
}

func getOwnSession(t *C) {
	id := t.ID()
	t.Set(id, t.Session("user", t.Tag()))
	t.expectMissing(
		id[:len(id)-1], id[:len(id)/2], id+"A", id+id,
		differently(id, 0), differently(id, len(id)/2), differently(id, len(id)-1),
	)
}

// differently returns an id that differs from another at one place, by more than case.
func differently(id string, at int) string {
	c := byte('x')
	if id[at]|0x20 == 'x' {
		c = 'y'
	}
	return id[:at] + string(c) + id[at+1:]
}

func getPromptMiss(t *C) {
	const tries, limit = 5, 100 * time.Millisecond
	// The best of some tries, so that a busy machine is not taken for a slow store.
	best := time.Duration(-1)
	for range tries {
		id, start := t.ID(), time.Now()
		_, _ = t.TryGet(id) // What it answers is another requirement's matter.
		if took := time.Since(start); best < 0 || took < best {
			best = took
		}
		if best <= limit {
			return
		}
	}
	t.Fail("wanted    an answer within %s\ngot       none of %d faster than %s", milliseconds(limit), tries, milliseconds(best))
}

func getCorruptRecord(t *C) {
	i := t.Open()
	id, damaged := t.ID(), t.Session("user", t.Tag(), "text", longText)
	otherID, other := t.ID(), t.Session("user", t.Tag(), "text", longText)
	defer func() {
		// Left behind, it would harm the checks to come of a store that it harms.
		if t.suite.subject.Shared {
			i = t.Instance
		}
		if i != nil {
			_ = i.TryDestroy(id)
		}
	}()
	i.Set(otherID, other)
	t.damage(id, func() { i.Set(id, damaged) })
	look := func() {
		// A store that has the session in memory, or a second copy, may answer with it.
		if got := i.getOnce(id); got != nil {
			t.expectData(got, damaged)
		}
		t.expectData(i.Get(otherID), other)
	}
	look()
	if t.suite.subject.Durable {
		i.Close()
		var err error
		if i, err = t.TryOpen(); err != nil {
			t.Fail("wanted    the store to open with a damaged record\ngot       %v", err)
		}
		look()
	}
}

// longText makes a session so long that half of its record cannot be read.
const longText = "In the middle of the night the clerk counts the sessions of the day, one by one, and writes their number in the book."

func getBackendFailure(t *C) {
	i := t.Open()
	id, want := t.ID(), t.Session("user", t.Tag())
	i.Set(id, want)
	i.breakBackend()
	if got := i.getOnce(id); got != nil {
		t.expectData(got, want)
	}
}

func getBackendErrorReported(t *C) {
	i := t.Open()
	id, want := t.ID(), t.Session("user", t.Tag())
	i.Set(id, want)
	i.breakBackend()
	// A store that has the session in memory may answer with it; what was never set it cannot know.
	for _, id := range []string{id, t.ID()} {
		if got, err := i.TryGet(id); err == nil && got == nil {
			t.Fail("wanted    an error, as the backend fails\ngot       no session")
		}
	}
}

// breakBackend makes the backend of an instance fail.
func (i *Instance) breakBackend() {
	i.c.Log("the backend of %sfails from here on", i.name)
	if err := i.c.suite.subject.Break(i.c, i.store); err != nil {
		i.c.broken(err)
	}
}

// getOnce returns what a get answers with, nil also for an error, and ends the check as failed when it is answered never, more than
// once, or with a crash.
func (i *Instance) getOnce(id string) *spec.Session {
	t := i.c
	if !t.has(contract.NeedCallbacks) {
		got, err := i.TryGet(id)
		t.expectRefusal(err)
		return got
	}
	out := i.Probe(probe.Call{Method: "get", ID: id, Settle: settle})
	if out.Callbacks != 1 || out.Thrown != nil || out.Rejected != nil || len(out.Uncaught) > 0 {
		t.Fail("wanted    one callback, and nothing thrown or rejected\ngot       %s", seen("get", out))
	}
	if out.Error != nil || out.Kind != "object" {
		return nil
	}
	got, err := spec.ParseSession(out.Value)
	if err != nil {
		t.Fail("wanted    an error, no session, or the one that was set\ngot       %s", seen("get", out))
	}
	return got
}
