package memorystore_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

func subject(name string, o memorystore.Options) conformance.Subject {
	return subjectOf(name, o, func(o memorystore.Options) spec.Store { return memorystore.New(o) })
}

func subjectOf(name string, o memorystore.Options, open func(memorystore.Options) spec.Store) conformance.Subject {
	s := conformance.Subject{
		Name:        name,
		Open:        func(context.Context) (spec.Store, error) { return open(o), nil },
		Disposable:  true,
		Granularity: time.Millisecond,
	}
	if o.Now == nil {
		clock := conformance.NewManualClock()
		s.Clock, o.Now = clock, clock.Now
	}
	return s
}

// reversed is an encoder that is its own decoder.
func reversed(text []byte) ([]byte, error) {
	text = slices.Clone(text)
	slices.Reverse(text)
	return text, nil
}

func TestConformance(t *testing.T) {
	coarse := memorystore.NewCoarseClock(time.Millisecond)
	t.Cleanup(coarse.Stop)
	size := func(_ string, s *spec.Session) int64 { return int64(len(s.String())) }
	for _, s := range []conformance.Subject{
		subject("as it is", memorystore.Options{}),
		subject("bounded and telling", memorystore.Options{
			Max: 256 << 20, Weight: size, Dispose: func(string, *spec.Session, memorystore.Reason) {},
		}),
		subject("reversed", memorystore.Options{Encoder: reversed, Decoder: reversed}),
		subjectOf("in shards", memorystore.Options{}, func(o memorystore.Options) spec.Store { return memorystore.NewSharded(4, o) }),
		subject("by real time, pruned all the while", memorystore.Options{Now: coarse.Now, CheckPeriod: 5 * time.Millisecond}),
	} {
		t.Run(s.Name, func(t *testing.T) {
			if testing.Short() && (s.Name == "bounded and telling" || s.Name == "reversed") {
				t.Skip("takes half a minute under the race detector; the others share all that runs at the same time")
			}
			t.Parallel()
			conformance.Run(t, s)
		})
	}
}

// A store with Stale violates only the requirements that Stale names.
func TestConformanceStale(t *testing.T) {
	verdicts, err := conformance.Record(t.Context(), subject("stale", memorystore.Options{Stale: true}), conformance.Options{
		// Whether random calls meet it is chance.
		Select: func(r *contract.Requirement) bool { return r != contract.SetHistory && r.Chapter() != "property" },
	})
	if err != nil {
		t.Fatal(err)
	}
	var violated []string
	for _, v := range verdicts {
		if v.Status != contract.Pass && v.Status != contract.Skip {
			violated = append(violated, v.ID)
		}
	}
	slices.Sort(violated)
	want := []string{
		"calendar/after-2038", "calendar/lives-end", "calendar/odd-dates", "calendar/prolonged-daily",
		"expiry/all-excludes", "expiry/from-expires", "expiry/get-does-not-extend", "expiry/gone-after", "expiry/latest-wins", "expiry/long",
		"expiry/max-age-zero", "expiry/max-age-zero-accepted", "expiry/milliseconds", "expiry/over-original-max-age", "expiry/past-is-missing",
		"expiry/sub-second", "fidelity/nested-cookie", "touch/shortens",
	}
	if !slices.Equal(violated, want) {
		t.Errorf("got  %q\nwant %q", violated, want)
	}
}
