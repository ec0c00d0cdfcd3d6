package chapters

import (
	"slices"
	"strconv"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// What only storages of Shopify's sessions are asked for: the session of a shop or of a user, in the forms that the host knows. Each check belongs to
// the chapter of its requirement.

// setForm stores a session in a form, and expects that it is stored.
func setForm(t *engine.C, id string, s *spec.Session, form string) {
	out := t.Probe(probe.Call{Method: "set", ID: id, Session: s.JSON(), Form: form})
	t.MustSucceed("set", out.Err("set"))
}

// getForm loads the session that was stored in a form; nil is a missing one.
func getForm(t *engine.C, id, form string) *spec.Session {
	out := t.Probe(probe.Call{Method: "get", ID: id, Form: form})
	t.MustSucceed("get", out.Err("get"))
	if len(out.Value) == 0 {
		return nil
	}
	s, err := spec.ParseSession(out.Value)
	if err != nil {
		t.Fail("wanted    a Session\ngot       %s", phrase.Outcome("get", out))
	}
	return s
}

func destroyForm(t *engine.C, id, form string) {
	out := t.Probe(probe.Call{Method: "destroy", ID: id, Form: form})
	t.MustSucceed("destroy", out.Err("destroy"))
}

// setRemovedMembers stores a session of a shop with all that it can have, then without its token, and then with one that neither ends nor is refreshed.
func setRemovedMembers(t *engine.C) {
	id, first := t.ID(), t.Session("n", 1)
	setForm(t, id, first, "refreshable")
	expectData(t, getForm(t, id, "refreshable"), first)
	t.Log("… the token is refused …")
	setForm(t, id, first, "refused")
	expectData(t, getForm(t, id, "refused"), first)
	t.Log("… the shop gets a token that stays …")
	second := t.SessionWith(spec.NewCookie(), "n", 2)
	setForm(t, id, second, "offline")
	got := getForm(t, id, "offline")
	expectData(t, got, second)
	if end, ends := got.Cookie.Expires(); ends {
		t.Fail("wanted    a session without expires, as it was stored\ngot       the expires of the one before, %s", phrase.Quote(end.Format(time.RFC3339)))
	}
	destroyForm(t, id, "offline")
}

// expiryEndedKept looks for sessions whose tokens have ended. A storage that knows seconds has one more to drop them.
func expiryEndedKept(t *engine.C) {
	ids, sessions := []string{t.ID(), t.ID()}, []*spec.Session{t.SessionFor(300*time.Millisecond, "user", t.Tag()), t.SessionFor(2*time.Second, "user", t.Tag())}
	for k, id := range ids {
		setForm(t, id, sessions[k], "refreshable")
	}
	end, _ := sessions[1].Cookie.Expires()
	t.Until(end.Add(t.Granularity() + 1500*time.Millisecond))
	for k, id := range ids {
		expectData(t, getForm(t, id, "ended"), sessions[k])
		destroyForm(t, id, "refreshable")
	}
}

// enumerationTogether stores the sessions of several users of a shop at once, and deletes some while others are stored.
func enumerationTogether(t *engine.C) {
	const users = 12
	var sessions []markedSession
	for range users {
		sessions = append(sessions, newMarked(t, t.ID()))
	}
	store := func(k int) error { return t.TrySet(sessions[k].id, sessions[k].session) }
	for _, err := range t.Parallel(users, store) {
		t.MustSucceed("set", err)
	}
	expectFound(t, sessions, "that were stored together")
	leaving := sessions[:users/2]
	sessions = slices.Clone(sessions[users/2:])
	for range leaving {
		sessions = append(sessions, newMarked(t, t.ID()))
	}
	errs := t.Parallel(users, func(k int) error {
		if k < len(leaving) {
			return t.TryDestroy(leaving[k].id)
		}
		return store(k)
	})
	for _, err := range errs {
		t.MustSucceed("a set or a destroy", err)
	}
	expectFound(t, sessions, "of which half were stored while others were deleted")
}

// expectFound fails the check unless each session is among those of all, once. A session that is not stored is the matter of other requirements.
func expectFound(t *engine.C, sessions []markedSession, how string) {
	elements := allElementsOf(t)
	lacking := 0
	for _, l := range sessions {
		switch found := len(l.in(elements)); {
		case found > 1:
			t.Fail("wanted    each session once\ngot       %s %d times", phrase.Session(l.session), found)
		case found == 0 && t.Find(l.id) != nil:
			lacking++
		}
	}
	if lacking > 0 {
		t.Fail("wanted    every one of the %d sessions of a shop %s\ngot       all but %d, which are loaded by their ids", len(sessions), how, lacking)
	}
}

func enumerationOtherShops(t *engine.C) {
	forms := []string{"neighbour", "other neighbour"}
	var theirs []markedSession
	for _, form := range forms {
		l := newMarked(t, t.ID())
		setForm(t, l.id, l.session, form)
		theirs = append(theirs, l)
	}
	setMarked(t, t.Instance, 1)
	elements := allElementsOf(t)
	for _, l := range theirs {
		if len(l.in(elements)) > 0 {
			t.Fail("wanted    the sessions of one shop\ngot       %s, which is of another", phrase.Session(l.session))
		}
	}
	_ = t.TryClear() // other requirements judge what it leaves of the shop's own
	for k, l := range theirs {
		expectData(t, getForm(t, l.id, forms[k]), l.session)
		destroyForm(t, l.id, forms[k])
	}
}

func fidelitySessionKinds(t *engine.C) {
	for n, form := range []string{"offline", "refreshable", "", "names", "uuid"} {
		for _, s := range []*spec.Session{t.Session("n", strconv.Itoa(n)), t.SessionWith(spec.NewCookie(), "n", n)} {
			id := t.ID()
			want, ends := s.Cookie.Expires()
			setForm(t, id, s, form)
			got := getForm(t, id, form)
			expectData(t, got, s)
			if seen, ok := got.Cookie.Expires(); ok != ends || ends && !sameInstant(t, seen, want) {
				t.Fail("wanted    the expires that was stored\ngot       %s instead of %s", got.Cookie, s.Cookie)
			}
			destroyForm(t, id, form)
			if left := getForm(t, id, form); left != nil {
				t.Fail("wanted    no session after it was deleted\ngot       %s", phrase.Session(left))
			}
		}
	}
}
