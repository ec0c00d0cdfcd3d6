package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

func instancesSeeWrites(t *engine.C) {
	other := t.Open()
	id, first, second, third := t.ID(), t.Session("views", 1), t.Session("views", 2), t.Session("views", 3)
	other.Find(id)
	t.Set(id, first)
	expectData(t, other.Get(id), first)
	t.Set(id, second)
	expectData(t, other.Get(id), second)
	other.Set(id, third)
	expectData(t, t.Get(id), third)
	// An instance that leaves out what it has written before would leave out the next sets too.
	for _, i := range []*engine.Instance{other, t.Instance} {
		t.Set(id, first)
		other.Set(id, third)
		t.Set(id, first)
		expectData(t, i.Get(id), first)
		other.Destroy(id)
		t.Set(id, first)
		expectData(t, i.Get(id), first)
	}
	if t.Capabilities().Touch {
		// What an instance has touched it may keep.
		fourth := t.Session("views", 4)
		_ = t.TryTouch(id, third)
		other.Set(id, fourth)
		expectData(t, t.Get(id), fourth)
	}
}

func instancesSeeDestroys(t *engine.C) {
	other := t.Open()
	var ids []string
	var readers, destroyers []*engine.Instance
	for _, pair := range [][2]*engine.Instance{{t.Instance, other}, {other, t.Instance}} {
		reader, destroyer := pair[0], pair[1]
		for _, writer := range pair {
			id := t.ID()
			writer.Set(id, t.Session("user", t.Tag()))
			reader.Find(id)
			ids, readers, destroyers = append(ids, id), append(readers, reader), append(destroyers, destroyer)
		}
	}
	for i, id := range ids {
		destroyers[i].Destroy(id)
	}
	expectEachMissing(t, ids, func(i int) (*spec.Session, error) { return readers[i].TryFind(ids[i]) })
}

func instancesSeeTouches(t *engine.C) {
	other := t.Open()
	own, short := newLife(t, shortestLife(t), "user", t.Tag()), newLife(t, shortestLife(t), "user", t.Tag())
	t.Find(own.id)
	prolonged := prolongOn(t, other, own, time.Hour)
	destroyed := newLife(t, time.Hour, "user", t.Tag())
	other.Find(short.id)
	other.Find(destroyed.id)
	t.Destroy(destroyed.id)
	// Another requirement judges whether this touch may be answered with an error.
	_ = other.TryTouch(destroyed.id, destroyed.session)
	for _, i := range []*engine.Instance{t.Instance, other} {
		t.Expect(i.Find(destroyed.id)).To(compare.BeMissing())
	}
	long := prolong(t, short, time.Hour)
	again := touchAgain(t, other)
	t.Until(goneBy(t, short))
	expectAliveOn(t, other, long)
	expectAlive(t, prolonged)
	for _, l := range again {
		t.Until(goneBy(t, l.before))
		for _, i := range []*engine.Instance{t.Instance, other} {
			expectAliveOn(t, i, l.life)
		}
	}
}

// A renewedLife is a session that had an earlier end for a while.
type renewedLife struct {
	life
	before life
}

// touchAgain lets this instance do twice what the other one has undone in between: a touch, and a set, with the very session that was set
// first. An instance that leaves out what it has written before leaves the end of the other one.
func touchAgain(t *engine.C, other *engine.Instance) (all []renewedLife) {
	for _, method := range []string{"touch", "set"} {
		long := newLife(t, time.Hour, "user", t.Tag())
		short := long.session.Clone()
		short.Cookie.SetMaxAge(t.Now(), shortestLife(t))
		before := newLifeAs(other, long.id, short)
		if method == "set" {
			t.Set(long.id, long.session)
		} else {
			err := t.TryTouch(long.id, long.session)
			expectInTime(t, before) // another requirement judges an error for a session that may have been over
			t.MustSucceed(method, err)
		}
		all = append(all, renewedLife{long, before})
	}
	return all
}
