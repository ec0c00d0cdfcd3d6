package mutants

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// meeting is how long a change takes between its look and its write: others that begin with it look before it writes.
const meeting = 2 * time.Millisecond

// listsSorted lets change alter each answer of all, whose sessions come in the order of their ids.
func listsSorted(change func(all []*spec.Session) []*spec.Session) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		f.all = func(ctx context.Context) ([]*spec.Session, error) {
			if err := f.enter(ctx); err != nil {
				return nil, err
			}
			live := b.live()
			var all []*spec.Session
			for _, id := range slices.Sorted(maps.Keys(live)) {
				s, err := spec.ParseSession([]byte(live[id].text))
				if err != nil {
					return nil, err
				}
				all = append(all, s)
			}
			return change(all), nil
		}
	}
}

// changesLength lets change alter each answer of length.
func changesLength(change func(n int) int) func(*faulty, *backend) {
	return func(f *faulty, _ *backend) {
		length := f.length
		f.length = func(ctx context.Context) (int, error) {
			n, err := length(ctx)
			return change(n), err
		}
	}
}

// clearsSome makes clear remove the sessions that some chooses of all ids, which are in order.
func clearsSome(some func(ids []string) []string) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		f.clear = func(ctx context.Context) error {
			if err := f.enter(ctx); err != nil {
				return err
			}
			for _, id := range some(slices.Sorted(maps.Keys(b.live()))) {
				b.remove(id)
			}
			return nil
		}
	}
}

// meetings returns what a call does in the middle: it takes its time, and counts n when another call of its id is there.
func meetings(count func(int), n int) func(id string) (done func()) {
	var running sync.Map
	return func(id string) (done func()) {
		_, met := running.LoadOrStore(id, true)
		time.Sleep(meeting)
		if met {
			count(n)
			return func() {}
		}
		return func() { running.Delete(id) }
	}
}

var manyMutants = []Mutant{
	{
		Name:   "the oldest of more than 2,000 sessions are dropped",
		Breaks: []*contract.Requirement{contract.SetMany},
		From:   "caches with a default bound",
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			var ids []string
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				_, again := b.peek(id)
				err := set(ctx, id, s)
				mu.Lock()
				defer mu.Unlock()
				if !again {
					ids = append(ids, id)
				}
				if len(ids) > 2000 {
					b.remove(ids[0])
					ids = ids[1:]
				}
				return err
			}
		},
	},
	{
		Name:   "a store with more than 2,500 sessions acknowledges a set and drops it",
		Breaks: []*contract.Requirement{contract.SetMany},
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				b.mu.Lock()
				_, again := b.rows[id]
				full := len(b.rows) > 2500
				b.mu.Unlock()
				if full && !again {
					return f.enter(ctx)
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "ids are kept as a hash of 16 bits when there are many",
		Breaks: []*contract.Requirement{contract.SetMany},
		fault: func(f *faulty, b *backend) {
			set := f.set
			var mu sync.Mutex
			places := map[uint16]string{}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				var place uint16
				for _, c := range []byte(id) {
					place = (place ^ uint16(c)) * 40503
				}
				mu.Lock()
				defer mu.Unlock()
				b.mu.Lock()
				many := len(b.rows) > 1000
				b.mu.Unlock()
				if old := places[place]; many && old != id {
					b.remove(old)
				}
				places[place] = id
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "all leaves out the last session",
		Breaks: []*contract.Requirement{contract.EnumerationAllLive, contract.EnumerationAllMany},
		// Checks that list one session among others meet it by chance.
		MayBreak: []*contract.Requirement{contract.EnumerationAllElements, contract.EnumerationAllOddIDs, contract.ExpiryAllProlonged},
		fault:    listsSorted(func(all []*spec.Session) []*spec.Session { return all[:max(0, len(all)-1)] }),
	},
	{
		Name:   "all leaves out the first session",
		Breaks: []*contract.Requirement{contract.EnumerationAllLive, contract.EnumerationAllMany},
		// Checks that list one session among others meet it by chance.
		MayBreak: []*contract.Requirement{contract.EnumerationAllElements, contract.EnumerationAllOddIDs, contract.ExpiryAllProlonged},
		fault:    listsSorted(func(all []*spec.Session) []*spec.Session { return all[min(1, len(all)):] }),
	},
	{
		Name:   "all lists the last session twice",
		Breaks: []*contract.Requirement{contract.EnumerationAllLive, contract.EnumerationAllMany},
		fault: listsSorted(func(all []*spec.Session) []*spec.Session {
			if len(all) == 0 {
				return all
			}
			return append(all, all[len(all)-1].Clone())
		}),
	},
	{
		Name:   "all begins each page of 100 with the last session of the page before",
		Breaks: []*contract.Requirement{contract.EnumerationAllMany},
		fault: listsSorted(func(all []*spec.Session) (pages []*spec.Session) {
			for n, s := range all {
				if n > 0 && n%100 == 0 {
					pages = append(pages, all[n-1].Clone())
				}
				pages = append(pages, s)
			}
			return pages
		}),
	},
	{
		Name:   "all leaves out a last page that is not full",
		Breaks: []*contract.Requirement{contract.EnumerationAllMany},
		fault: listsSorted(func(all []*spec.Session) []*spec.Session {
			if len(all) < 250 {
				return all
			}
			return all[:len(all)/250*250]
		}),
	},
	{
		Name:   "length counts one page of 1,000",
		Breaks: []*contract.Requirement{contract.EnumerationLengthMany},
		fault:  changesLength(func(n int) int { return min(n, 1000) }),
	},
	{
		Name:   "length is an estimate in hundreds when there are many",
		Breaks: []*contract.Requirement{contract.EnumerationLengthMany},
		fault: changesLength(func(n int) int {
			if n > 1000 {
				return n / 100 * 100
			}
			return n
		}),
	},
	{
		Name:   "a step of the counter is lost when two sets meet",
		Breaks: []*contract.Requirement{contract.EnumerationLengthMany},
		fault: func(f *faulty, b *backend) {
			var lost, writing atomic.Int64
			set, length, wipe := f.set, f.length, f.clear
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				defer writing.Add(-1)
				if _, ok := b.peek(id); writing.Add(1) > 40 && !ok {
					lost.Add(1)
				}
				time.Sleep(meeting)
				return set(ctx, id, s)
			}
			f.length = func(ctx context.Context) (int, error) {
				n, err := length(ctx)
				return max(0, n-int(lost.Load())), err
			}
			f.clear = func(ctx context.Context) error {
				lost.Store(0)
				return wipe(ctx)
			}
		},
	},
	{
		Name:   "first sets of an id that meet are all counted",
		Breaks: []*contract.Requirement{contract.EnumerationLengthReset},
		fault: func(f *faulty, b *backend) {
			set, count := f.set, driftingLength(f)
			meet := meetings(count, 1)
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if _, again := b.peek(id); !again {
					defer meet(id)()
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "destroys of an id that meet are all counted",
		Breaks: []*contract.Requirement{contract.EnumerationLengthDestroy},
		fault: func(f *faulty, b *backend) {
			destroy, count := f.destroy, driftingLength(f)
			meet := meetings(count, -1)
			f.destroy = func(ctx context.Context, id string) error {
				if _, stored := b.peek(id); stored {
					defer meet(id)()
				}
				return destroy(ctx, id)
			}
		},
	},
	{
		Name:   "clear removes the first ten sessions",
		Breaks: []*contract.Requirement{contract.EnumerationClearEmpties, contract.EnumerationClearMany},
		// Checks begin with a clear.
		MayBreak: []*contract.Requirement{contract.EnumerationAllNothingElse},
		fault:    clearsSome(func(ids []string) []string { return ids[:min(len(ids), 10)] }),
	},
	{
		Name:   "clear removes the first page of 1,000 sessions",
		Breaks: []*contract.Requirement{contract.EnumerationClearMany},
		fault:  clearsSome(func(ids []string) []string { return ids[:min(len(ids), 1000)] }),
	},
	{
		Name:   "clear goes to the next page of 100 although the first is gone",
		Breaks: []*contract.Requirement{contract.EnumerationClearMany},
		fault: clearsSome(func(ids []string) (some []string) {
			for page := range slices.Chunk(ids, 200) {
				some = append(some, page[:min(len(page), 100)]...)
			}
			return some
		}),
	},
	{
		Name:   "clear leaves a last batch that is not full",
		Breaks: []*contract.Requirement{contract.EnumerationClearMany},
		fault: clearsSome(func(ids []string) []string {
			if len(ids) < 500 {
				return ids
			}
			return ids[:len(ids)/500*500]
		}),
	},
}
