package matrix

import (
	"cmp"
	"slices"
	"time"

	"github.com/storecheck/storecheck/report"
)

// Durations are how long stores took, by identity.
type Durations map[string]time.Duration

// DurationsOf takes the durations of results. One that broke says nothing about the next run.
func DurationsOf(results map[string]*report.Result) Durations {
	d := Durations{}
	for id, r := range results {
		if r.Broken == nil {
			d[id] = secondsOf(r)
		}
	}
	return d
}

func secondsOf(r *report.Result) time.Duration {
	return time.Duration(r.Seconds * float64(time.Second)).Round(time.Millisecond)
}

// Of is how long a store is expected to take: as long as the last time, or else as the others do. It is zero where nothing is known.
func (d Durations) Of(id string) time.Duration {
	if known, ok := d[id]; ok {
		return known
	}
	var sum time.Duration
	for _, each := range d {
		sum += each
	}
	return sum / time.Duration(max(1, len(d)))
}

// LongestFirst sorts stores: one that takes long must not begin when all others end. Equal ones are in the order of their names.
func (d Durations) LongestFirst(ids []string) {
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(d.Of(b), d.Of(a)), cmp.Compare(a, b)) })
}

// Left is how long it takes until all is done, with so many stores at a time: those that run need what is given, those that wait begin in their order.
func Left(running, waiting []time.Duration, parallel int) time.Duration {
	slots := make([]time.Duration, max(1, parallel, len(running)))
	copy(slots, running)
	for _, w := range waiting {
		slices.Sort(slots)
		slots[0] += w
	}
	return slices.Max(slots)
}
