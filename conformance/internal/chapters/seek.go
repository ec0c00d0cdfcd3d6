package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// A check that has failed for a reason behind which much else fails looks for the cause. What it tries then judges nothing.

// furthestZone is how many hours the time of a place may be away from another one's. It bounds the search for a time zone that was lost.
const furthestZone = 26

// seekMissing looks for why a session is missing right after its set.
func seekMissing(t *engine.C, id string) {
	defer t.ShowCalls(t.Calls()...)
	const lag, pause = 2 * time.Second, 50 * time.Millisecond
	start := time.Now()
	for time.Since(start) < lag {
		t.Pause(pause)
		switch got, err := t.TryFind(id); {
		case err != nil:
			return
		case got != nil:
			t.Cause("reads lag behind writes, as from a replica: a session is missing when its set has called back, and found within %s",
				phrase.Milliseconds(time.Since(start).Round(pause)))
			return
		}
	}
	switch found, ok := stays(t, t.SessionWith(spec.NewCookie(), "user", t.Tag())); {
	case !ok:
		return
	case !found:
		t.Cause("a session is missing when its set has called back, and %s later: set keeps nothing, or get finds nothing", phrase.Milliseconds(lag))
		return
	}
	if hours, ok := firstHour(t, 1, true); ok {
		t.Cause("sessions end early, by about %d h, as where a time zone is lost: one that ends sooner is missing at once", hours)
		return
	}
	t.Cause("a session that has an end is missing at once, and one without an end stays: its end is misread")
}

// seekOverdue looks for why a session is found after its end.
func seekOverdue(t *engine.C) {
	defer t.ShowCalls(t.Calls()...)
	const month = 30 * 24 * time.Hour
	found, ok := stays(t, t.SessionFor(-t.Granularity()-time.Minute, "user", t.Tag()))
	switch {
	case !ok:
		return
	case !found:
		t.Cause("sessions end late, although one that is set with an end in the past is over: the time left is taken for longer, as by a wrong unit")
		return
	}
	switch found, ok := stays(t, t.SessionFor(-month, "user", t.Tag())); {
	case !ok:
		return
	case found:
		t.Cause("no end is looked at: a session that ended a month ago is set and found")
		return
	}
	if hours, ok := firstHour(t, -1, false); ok {
		t.Cause("sessions end late, by about %d h, as where a time zone is lost: one that ended longer ago is missing", hours)
	}
}

// firstHour returns the least number of hours by which a session must end later, or earlier where sign is -1, so that it is found or is not. It
// is not ok where there is none, or a slow store takes too long.
func firstHour(t *engine.C, sign time.Duration, wanted bool) (hours int, ok bool) {
	const patience = 10 * time.Second
	start := time.Now()
	for hours = 1; hours <= furthestZone && time.Since(start) < patience; hours++ {
		found, ok := stays(t, t.SessionFor(sign*(time.Duration(hours)*time.Hour+30*time.Minute), "user", t.Tag()))
		if !ok || found == wanted {
			return hours, ok
		}
	}
	return 0, false
}

// stays reports whether a session is found when it was set. It is not ok where the store refuses.
func stays(t *engine.C, s *spec.Session) (found, ok bool) {
	id := t.ID()
	if t.TrySet(id, s) != nil {
		return false, false
	}
	got, err := t.TryFind(id)
	return got != nil, err == nil
}
