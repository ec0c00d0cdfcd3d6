package chapters

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// How much changes before the store is opened again: enough for a log to be compacted that is compacted after some hundreds of changes.
const (
	changesLanes = 16
	changesEach  = 12 // ids of a lane
	changesMost  = 100
	changesTime  = 1500 * time.Millisecond
)

// A changedID is an id and what was done to it last. Nobody else uses it.
type changedID struct {
	id   string
	want *spec.Session // nil: destroyed
	open bool          // a call failed, so that either is right; other requirements judge that
}

// instancesReopenMany makes many changes, opens the store again, and looks for all of them. It does so twice: an opening may itself write
// everything anew. Sessions that a touch has prolonged before are looked for beyond their first ends.
func instancesReopenMany(t *engine.C) {
	t.Patient(2)
	var lanes [changesLanes][]*changedID
	for n, id := range ordinaryIDs(t, changesLanes*changesEach) {
		lanes[n%changesLanes] = append(lanes[n%changesLanes], &changedID{id: id, want: t.Session("n", n, "tag", t.Tag())})
	}
	i := t.Open()
	prolonged := prolongSome(t, i)
	for range 2 {
		changeMany(t, i, lanes[:])
		forgetWrong(t, i, lanes[:])
		prolonged = stillProlonged(t, i, prolonged)
		i.Close()
		i = t.Open()
		t.ShowCalls()
		t.Log("… many changes, a close and an open …")
		for _, lane := range lanes {
			found, errs := getTogether(t, len(lane), func(k int) (*spec.Session, error) { return i.TryFind(lane[k].id) })
			for k, l := range lane {
				if l.open {
					continue
				}
				t.ShowCallsAbout(l.id)
				t.MustSucceed("get", errs[k])
				if l.want == nil {
					t.Expect(found[k]).To(compare.BeMissing())
				} else {
					expectData(t, found[k], l.want)
				}
			}
		}
		for _, l := range prolonged {
			t.ShowCallsAbout(l.id)
			expectData(t, i.Find(l.id), l.session)
		}
		t.ShowCallsAbout("")
	}
}

// prolongSome sets sessions that end soon and touches them, so that they live for an hour. It returns them with their first ends.
func prolongSome(t *engine.C, i *engine.Instance) (firstEnds []life) {
	if !t.Capabilities().Touch {
		return nil
	}
	for range 3 {
		l := newLifeAs(i, t.ID(), t.SessionFor(shortestLife(t), "user", t.Tag()))
		prolongOn(t, i, l, time.Hour)
		firstEnds = append(firstEnds, l)
	}
	return firstEnds
}

// stillProlonged waits for the first ends of sessions and returns those that live on. Another requirement judges a touch that prolongs nothing.
func stillProlonged(t *engine.C, i *engine.Instance, firstEnds []life) []life {
	for _, l := range firstEnds {
		t.Until(goneBy(t, l))
	}
	return slices.DeleteFunc(firstEnds, func(l life) bool {
		got, err := i.TryFind(l.id)
		return err != nil || got == nil
	})
}

// changeMany sets the sessions, all of them once, and then changes some of each lane again and again.
func changeMany(t *engine.C, i *engine.Instance, lanes [][]*changedID) {
	type source struct {
		*rand.Rand
		tags []string
	}
	sources := make([]source, len(lanes))
	for n := range sources {
		sources[n].Rand = rand.New(rand.NewPCG(t.Rand.Uint64(), t.Rand.Uint64()))
		for range changesMost {
			sources[n].tags = append(sources[n].tags, t.Tag())
		}
	}
	start := time.Now()
	t.Parallel(len(lanes), func(n int) error {
		lane, random := lanes[n], sources[n]
		for _, l := range lane {
			if l.want != nil {
				l.open = i.TrySet(l.id, l.want) != nil
			}
		}
		for _, tag := range random.tags {
			if time.Since(start) > changesTime {
				return nil
			}
			// The first ones of a lane stay as they were set first.
			l := lane[3+random.IntN(len(lane)-3)]
			switch random.IntN(6) {
			case 0:
				l.want, l.open = nil, i.TryDestroy(l.id) != nil
			case 1:
				if l.want != nil && t.Capabilities().Touch {
					_ = i.TryTouch(l.id, l.want)
				}
			default:
				s := t.Session("tag", tag)
				l.want, l.open = s, i.TrySet(l.id, s) != nil
			}
		}
		return nil
	})
}

// ordinaryIDs returns ids as express-session generates them. Each character is the first and the last of some.
func ordinaryIDs(t *engine.C, n int) []string {
	ids := make([]string, n)
	for k := range ids {
		c := string(base64URLChars[k%len(base64URLChars)])
		last := string(base64URLChars[(k+k/len(base64URLChars))%len(base64URLChars)])
		ids[k] = c + randomIDChars(t, 30) + last
	}
	return ids
}

// forgetWrong leaves out the sessions that are not as they were set even before the close. Other requirements judge them.
func forgetWrong(t *engine.C, i *engine.Instance, lanes [][]*changedID) {
	t.Parallel(len(lanes), func(n int) error {
		for _, l := range lanes[n] {
			if l.want == nil {
				continue
			}
			got, err := i.TryGet(l.id)
			if err != nil || got == nil || compare.Data(l.want, got, t.Subject().AddedKeys) != "" {
				l.open = true
			}
		}
		return nil
	})
}
