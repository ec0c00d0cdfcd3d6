package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

const (
	// Both instances set so many sessions at once. Then they wait for each other: instances that count their sets stay together.
	freshBurst = 8
	// The bursts go on for a while, because a busy machine may let one process go first in any of them.
	freshLeast, freshMost = 16, 40
	freshTime             = 700 * time.Millisecond
)

func instancesFreshWriters(t *engine.C) {
	open, now := t.Open, t.Now
	if t.Has(contract.NeedZones) { // processes, also for a store in Go
		open, now = func() *engine.Instance { return t.OpenInZone("UTC") }, time.Now
	}
	pair := [2]*engine.Instance{open(), open()}
	start := time.Now()
	for n := 0; n < freshLeast || n < freshMost && time.Since(start) < freshTime; n++ {
		setBurst(t, pair, now)
	}
}

// setBurst sets sessions on both instances at once, and gets each on the other instance.
func setBurst(t *engine.C, pair [2]*engine.Instance, now func() time.Time) {
	lives := make([]life, 2*freshBurst)
	for n := range lives {
		lives[n] = life{id: t.ID(), session: wovenSession(t, 4<<10)}
		lives[n].session.Cookie.SetMaxAge(now(), time.Hour)
	}
	sets := t.Parallel(len(lives), func(n int) error { return pair[n%2].TrySet(lives[n].id, lives[n].session) })
	found, gets := getTogether(t, len(lives), func(n int) (*spec.Session, error) { return pair[1-n%2].TryFind(lives[n].id) })
	for n, l := range lives {
		refused := sets[n] != nil
		if refused && found[n] == nil { // another requirement judges whether a set may be refused
			continue
		}
		t.ShowCallsAbout(l.id)
		if err := gets[n]; err != nil {
			t.Fail("wanted    the session that was set\ngot       %v", err)
		}
		if err := checkOneOf(t, found[n], l.session); err != nil {
			t.Fail("%v", err)
		}
	}
}
