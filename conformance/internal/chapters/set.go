package chapters

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var setChecks = slices.Concat([]engine.Check{
	{Requirement: contract.SetReplaces, Body: setReplaces, When: engine.First},
	{Requirement: contract.SetReadYourWrite, Body: setReadYourWrite},
	{Requirement: contract.SetAfterDestroy, Body: setAfterDestroy, When: engine.Timed},
	// setFailed makes the backend fail where it can.
	{Requirement: contract.SetFailed, Body: setFailed, When: engine.Last},
	{Requirement: contract.SetArgumentUnchanged, Body: setArgumentUnchanged},
	{Requirement: contract.SetCookieOnly, Body: setCookieOnly},
	{Requirement: contract.SetHistory, Body: setHistory},
	{Requirement: contract.SetMany, Body: setMany, When: engine.Exclusive},
}, setProbeChecks)

func setReplaces(t *engine.C) {
	id := t.ID()
	for _, s := range []*spec.Session{
		t.Session("user", t.Tag(), "role", "admin", "cart", []string{"tea", "milk"}, "flags", map[string]any{"beta": true, "dark": true}),
		t.Session("user", t.Tag(), "cart", []string{"bread"}, "flags", map[string]any{"dark": false}, "views", 1),
		t.Session("views", 2),
	} {
		t.Set(id, s)
		expectData(t, t.Get(id), s)
	}
	// These are as long as before and have the same end: only a comparison of the text shows the change.
	for views := range 3 {
		s := t.SessionWith(spec.NewCookie(), "views", views)
		t.Set(id, s)
		expectData(t, t.Get(id), s)
	}
	expectLittleChanges(t)
}

func setReadYourWrite(t *engine.C) {
	const rounds = 20
	replaced := t.ID()
	for n := range rounds {
		for _, id := range []string{t.ID(), replaced} {
			s := t.Session("user", t.Tag(), "n", n)
			t.Set(id, s)
			got := t.Get(id)
			if got == nil {
				seekMissing(t, id)
			}
			expectData(t, got, s)
		}
	}
}

func setAfterDestroy(t *engine.C) {
	id := t.ID()
	for range 3 {
		s := t.Session("user", t.Tag())
		t.Set(id, s)
		expectData(t, t.Get(id), s)
		t.Destroy(id)
	}
	// A timer for the end of the destroyed session must not remove the new one.
	short := newLifeAs(t.Instance, id, t.SessionFor(shortestLife(t), "user", t.Tag()))
	t.Destroy(id)
	long := newLifeAs(t.Instance, id, t.Session("user", t.Tag()))
	t.Until(goneBy(t, short))
	expectAlive(t, long)
}

// setFailed makes a set fail in each way that the subject allows. The answer of the set must be true afterwards.
func setFailed(t *engine.C) {
	tried := false
	if t.Prober() == nil {
		tried = true
		expectTruth(t, t.Instance, func(id string, s *spec.Session) error {
			ctx, cancel := context.WithCancel(t)
			cancel()
			err := t.Tell("set", fmt.Sprintf("set(%s, %s) with a cancelled context", phrase.Quote(id), phrase.Session(s)), func(context.Context) error {
				return t.Store().Set(ctx, id, s)
			})
			expectRefusal(t, err)
			return err
		})
	}
	if t.Has(contract.NeedExpressions) {
		tried = true
		expectTruth(t, t.Instance, func(id string, s *spec.Session) error {
			out := t.Probe(probe.Call{Method: "set", ID: id, Session: s.JSON(), Expression: "{" + bigIntMember + ": 1n}"})
			return out.Err("set")
		})
	}
	if t.Has(contract.NeedBreak) && t.Has(contract.NeedShared) {
		i := t.Open()
		breakBackend(i)
		witness := t.Session("user", t.Tag())
		id := t.ID()
		// A backend that fails for all instances leaves nobody who can tell what is true.
		if err := t.TrySet(id, witness); err == nil && isFound(t.TryGet(id)) {
			tried = true
			expectTruth(t, t.Instance, func(id string, s *spec.Session) error {
				err := i.TrySet(id, s)
				expectRefusal(t, err)
				return err
			})
		}
	}
	if !tried {
		t.Skip("nothing makes a set of this store fail")
	}
}

// isFound reports whether a get has found a session.
func isFound(s *spec.Session, err error) bool { return err == nil && s != nil }

// bigIntMember names a member that JSON cannot carry.
const bigIntMember = "big"

// expectTruth makes sets that may fail, on a new id and on a stored one, and fails the check when their answer is not true.
func expectTruth(t *engine.C, reader *engine.Instance, set func(id string, s *spec.Session) error) {
	for _, old := range []*spec.Session{nil, t.Session("user", t.Tag(), "role", "admin")} {
		id, want := t.ID(), t.Session("user", t.Tag(), "views", 1)
		t.MayStore(id)
		if old != nil {
			t.Set(id, old)
		}
		reported := set(id, want)
		if failure, ok := errors.AsType[*probe.Failure](reported); ok && failure.NoCallback() {
			continue // there was no answer
		}
		for range 20 { // each may keep something, such as a lock
			_ = set(id, want)
		}
		got, err := reader.TryGet(id)
		if err != nil {
			continue // for example, a session that JSON cannot carry cannot be shown either
		}
		ignoring := append([]string{bigIntMember}, t.Subject().AddedKeys...)
		switch {
		case reported == nil:
			t.Expect(got).To(compare.HaveDataOf(want, ignoring...))
		case got == nil && old == nil, got != nil && compare.Session(want, got, ignoring) == "":
		case old == nil:
			t.Fail("wanted    no session, or the one that was set, after a set that failed\ngot       %s", phrase.Session(got))
		default:
			t.Expect(got).To(compare.HaveDataOf(old, t.Subject().AddedKeys...))
		}
		again := t.Session("user", t.Tag(), "views", 2)
		t.Set(id, again)
		expectData(t, t.Get(id), again)
	}
}

func setArgumentUnchanged(t *engine.C) {
	id := t.ID()
	for _, s := range []*spec.Session{
		t.Session("user", map[string]any{"name": t.Tag(), "roles": []string{"admin", "editor"}}, "views", 7),
		t.SessionWith(spec.NewCookie(), "views", 8),
	} {
		expectArgument(t, "set", id, s)
	}
}

// expectArgument makes a set or a touch, and fails the check when the session that was passed is not what it was before. Other requirements
// judge a touch that fails.
func expectArgument(t *engine.C, method, id string, s *spec.Session) {
	var before, after []byte
	switch {
	case t.Prober() == nil:
		before = s.JSON()
		if method == "touch" {
			_ = t.Tell("touch", fmt.Sprintf("touch(%s, %s)", phrase.Quote(id), phrase.Session(s)), func(ctx context.Context) error {
				return t.Store().(spec.Toucher).Touch(ctx, id, s)
			})
		} else {
			t.Set(id, s)
		}
		after = s.JSON()
	case t.Has(contract.NeedCallbacks):
		out := t.Probe(probe.Call{Method: method, ID: id, Session: s.JSON(), Watch: true})
		if method != "touch" {
			t.MustSucceed(method, out.Err(method))
		}
		before, after = out.Before, out.After
	default:
		t.Skip("%s", contract.NeedCallbacks.Explain())
	}
	if change := spec.Diff(before, after); change != "" {
		t.Fail("wanted    the session that was passed as it was before the call\ngot       %s", change)
	}
}

func setCookieOnly(t *engine.C) {
	for _, s := range []*spec.Session{t.Session(), t.SessionWith(spec.NewCookie())} {
		id := t.ID()
		t.Set(id, s)
		expectData(t, t.Get(id), s)
	}
}
