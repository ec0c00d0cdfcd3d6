package chapters

import (
	"context"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
)

func instancesReopen(t *engine.C) {
	t.Tidy() // other checks use the odd ids too
	id, want := t.ID(), t.Session("user", map[string]any{"name": t.Tag(), "roles": []string{"admin", "editor"}}, "views", 7)
	before := t.Open()
	before.Set(id, want)
	others := setToReopen(t, before)
	before.Close()
	after := t.Open()
	expectData(t, after.Get(id), want)
	// A store may remove sessions when it is opened, and be done with that a moment later.
	for range 2 {
		found, errs := getTogether(t, len(others), func(n int) (*spec.Session, error) { return after.TryGet(others[n].id) })
		for n, l := range others {
			t.ShowCallsAbout(l.id)
			t.MustSucceed("get", errs[n])
			expectData(t, found[n], l.session)
		}
	}
	t.ShowCallsAbout("")
}

// setToReopen sets a session without an end, and sessions with odd ids. It returns those that are found at once: another requirement judges
// the others.
func setToReopen(t *engine.C, i *engine.Instance) []life {
	endless := life{id: t.ID(), session: t.SessionWith(spec.NewCookie(), "user", t.Tag())}
	freed := life{id: t.ID(), session: t.Session("user", t.Tag())}
	i.Set(freed.id, freed.session)
	freed.session = t.SessionWith(spec.NewCookie(), "user", t.Tag())
	all := []life{endless, freed}
	for _, id := range oddIDsToReopen(t, i) {
		all = append(all, life{id: id, session: t.Session(engine.Marker, t.Tag())})
	}
	for _, l := range all {
		_ = i.TrySet(l.id, l.session)
	}
	found, errs := getTogether(t, len(all), func(n int) (*spec.Session, error) { return i.TryGet(all[n].id) })
	var stored []life
	for n, l := range all {
		if errs[n] == nil && compare.Data(l.session, found[n], t.Subject().AddedKeys) == "" {
			stored = append(stored, l)
		}
	}
	return stored
}

// oddIDsToReopen returns ids that mean something to a program that reads them from a file or a folder: members of a prototype, and names that
// stand for something else. An id that somebody else uses is left out.
func oddIDsToReopen(t *engine.C, i *engine.Instance) []string {
	exact := []string{"toString", "hasOwnProperty", "valueOf", "prototype"}
	if !t.Subject().Shared { // the check is exclusive then: others use these ids beside it
		exact = append(exact, "__proto__", "constructor")
	}
	taken, errs := getTogether(t, len(exact), func(n int) (*spec.Session, error) { return i.TryFind(exact[n]) })
	ids := []string{"-" + t.Tag(), "_" + t.Tag(), t.Tag() + ".tmp", t.Tag() + ".json", t.Tag() + "~", t.Tag() + "%2F", t.Tag() + "\u00e9"}
	for n, id := range exact {
		if taken[n] == nil && errs[n] == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func instancesReopenMissing(t *engine.C) {
	never, destroyed, twice, touched := t.ID(), t.ID(), t.ID(), t.ID()
	ids := []string{never, destroyed, twice, touched}
	before := t.Open()
	for _, id := range []string{destroyed, twice, twice, touched} {
		before.Set(id, t.Session("user", t.Tag()))
		before.Destroy(id)
	}
	if t.Capabilities().Touch {
		for _, id := range []string{never, touched} {
			_ = before.TryTouch(id, t.Session("user", t.Tag())) // another requirement judges an error
		}
	}
	var missing []string
	found, errs := getTogether(t, len(ids), func(n int) (*spec.Session, error) { return before.TryFind(ids[n]) })
	for n, id := range ids {
		if found[n] == nil && errs[n] == nil { // other requirements judge what is found before
			missing = append(missing, id)
		}
	}
	before.Close()
	after := t.Open()
	expectEachMissing(t, missing, func(n int) (*spec.Session, error) { return after.TryFind(missing[n]) })
}

func instancesReopenExpiry(t *engine.C) {
	before := t.Open()
	l := newLifeAs(before, t.ID(), t.SessionFor(shortestLife(t), "user", t.Tag()))
	check := func(*engine.Instance) {}
	if t.Capabilities().Touch {
		check = touchBefore(t, before)
	}
	before.Close()
	// The store opens shortly before the end: a life that starts again with the opening then goes on well beyond the end.
	t.Until(l.expires.Add(-shortestLife(t) / 8))
	after := t.Open()
	expectGoneOn(t, after, l)
	check(after)
}

// touchBefore touches sessions, some to live longer and some shorter. It returns a check of the instance that is opened afterwards.
func touchBefore(t *engine.C, before *engine.Instance) (check func(after *engine.Instance)) {
	touch := func() (first, long life) {
		first = newLifeAs(before, t.ID(), t.SessionFor(shortestLife(t), "user", t.Tag()))
		return first, prolongOn(t, before, first, time.Hour)
	}
	_, early := touch()
	// Another requirement judges whether a touch shortens lives. This store's way shows before the sessions end.
	soon, shortens := touchShorter(before, shortestLife(t)/8, "user", t.Tag())
	rewriteSessions(t, before, t.Now().Add(shortestLife(t)/4))
	first, late := touch()
	short, ok := touchShorter(before, shortestLife(t), "user", t.Tag())
	if shortens = shortens && ok; shortens {
		t.Until(goneBy(t, soon))
		shortens = before.Find(soon.id) == nil
	}
	return func(after *engine.Instance) {
		t.Until(goneBy(t, first))
		expectAliveOn(t, after, early)
		expectAliveOn(t, after, late)
		if shortens {
			expectGoneOn(t, after, short)
		}
	}
}

// rewriteSessions sets some sessions again and again, until a moment at most. A store that writes everything anew now and then does so in
// that time. A store that others share is left alone.
func rewriteSessions(t *engine.C, i *engine.Instance, until time.Time) {
	const lanes, each = 4, 64
	if t.Subject().Shared {
		return
	}
	ids := []string{t.ID(), t.ID(), t.ID(), t.ID()}
	ctx, cancel := awake.WithTimeout(t, t.CallTimeout("set"))
	defer cancel()
	t.Log("… %d other sessions are set %d times each …", lanes, each)
	t.Parallel(lanes, func(lane int) error {
		i.C().MayStore(ids[lane])
		for n := 0; n < each && t.Now().Before(until); n++ {
			s := t.Session("n", n)
			if err := engine.GuardError(ctx, func(ctx context.Context) error { return i.Store().Set(ctx, ids[lane], s) }); err != nil {
				return err // another requirement judges that
			}
		}
		return nil
	})
}
