package mutants

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// reopenMutants are stores that read or write too much or too little when they close or open. One instance is open at a time.
var reopenMutants = []Mutant{
	{
		Name:    "sessions without an end are removed when the store opens",
		Breaks:  []*contract.Requirement{contract.InstancesReopen},
		subject: oneAtATime,
		fault:   removesAtOpening(func(_ string, r tableRow) bool { return r.expires.IsZero() }),
	},
	{
		Name:    "sessions without an end are over when the store closes",
		Breaks:  []*contract.Requirement{contract.InstancesReopen},
		subject: oneAtATime,
		fault: func(f *faulty, b *backend) {
			end := f.close
			f.close = func() error {
				for id, r := range b.live() {
					if r.expires.IsZero() {
						r.expires = b.clock.Now()
						b.write(id, r)
					}
				}
				return end()
			}
		},
	},
	{
		Name:    "an object that is filled when the store opens has no place for members of a prototype",
		Breaks:  []*contract.Requirement{contract.InstancesReopen},
		subject: oneAtATime,
		fault:   removesAtOpening(func(id string, _ tableRow) bool { return id == "__proto__" }),
	},
	{
		Name:    "what looks like an unfinished file is removed when the store opens",
		Breaks:  []*contract.Requirement{contract.InstancesReopen},
		subject: oneAtATime,
		fault: removesAtOpening(func(id string, _ tableRow) bool {
			return strings.HasSuffix(id, ".tmp") || strings.HasSuffix(id, "~")
		}),
	},
	{
		Name:    "a touch of a missing id is a session when the log is read again",
		Breaks:  []*contract.Requirement{contract.InstancesReopenMissing},
		subject: oneAtATime,
		fault:   revivesAtClose(func(_ string, destroys int, touched bool) bool { return touched && destroys == 0 }),
	},
	{
		Name:    "a touch of what was destroyed is a session when the log is read again",
		Breaks:  []*contract.Requirement{contract.InstancesReopenMissing},
		subject: oneAtATime,
		fault:   revivesAtClose(func(_ string, destroys int, touched bool) bool { return touched && destroys > 0 }),
	},
	{
		Name:    "the second destroy of an id is lost when the store closes",
		Breaks:  []*contract.Requirement{contract.InstancesReopenMissing, contract.InstancesReopenMany},
		subject: oneAtATime,
		fault:   revivesAtClose(func(_ string, destroys int, _ bool) bool { return destroys > 1 }),
	},
	{
		Name:    "the last destroys are not written when the store closes",
		Breaks:  []*contract.Requirement{contract.InstancesReopenMissing, contract.InstancesReopenMany},
		subject: oneAtATime,
		fault:   revivesAtClose(func(_ string, destroys int, touched bool) bool { return destroys == 1 && !touched }),
	},
}

// removesAtOpening removes some rows when an instance opens.
func removesAtOpening(some func(id string, r tableRow) bool) func(*faulty, *backend) {
	return func(_ *faulty, b *backend) {
		for id, r := range b.live() {
			if some(id, r) {
				b.remove(id)
			}
		}
	}
}

// revivesAtClose stores sessions of some missing ids when the instance closes. It chooses them by the number of their destroys, and by
// whether they were touched since they were missing.
func revivesAtClose(some func(id string, destroys int, touched bool) bool) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		var mu sync.Mutex
		destroys, touched, rows := map[string]int{}, map[string]bool{}, map[string]tableRow{}
		set, destroy, touch, wipe, end := f.set, f.destroy, f.touch, f.clear, f.close
		forget := func(id string) {
			mu.Lock()
			defer mu.Unlock()
			delete(rows, id)
			delete(touched, id)
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			forget(id)
			return set(ctx, id, s)
		}
		f.destroy = func(ctx context.Context, id string) error {
			if r, ok := b.read(id); ok {
				mu.Lock()
				destroys[id]++
				rows[id] = r
				mu.Unlock()
			}
			return destroy(ctx, id)
		}
		f.touch = func(ctx context.Context, id string, s *spec.Session) error {
			if _, ok := b.read(id); !ok {
				mu.Lock()
				touched[id], rows[id] = true, rowOf(s)
				mu.Unlock()
			}
			return touch(ctx, id, s)
		}
		f.clear = func(ctx context.Context) error {
			mu.Lock()
			clear(rows)
			mu.Unlock()
			return wipe(ctx)
		}
		f.close = func() error {
			mu.Lock()
			defer mu.Unlock()
			for id, r := range rows {
				if _, there := b.read(id); !there && !r.expired(b.clock.Now()) && some(id, destroys[id], touched[id]) {
					b.write(id, r)
				}
			}
			return end()
		}
	}
}

// unusualReopened are stores that do something when they open, and keep all sessions.
func unusualReopened() []Unusual {
	return []Unusual{
		unusual("what is over is removed when the store opens", "a sweep at the start, as of many stores on files",
			changeInstances(func(_ *faulty, b *backend) {
				b.mu.Lock()
				defer b.mu.Unlock()
				for id, r := range b.rows {
					if r.expired(b.clock.Now()) {
						delete(b.rows, id)
					}
				}
			})),
		unusual("sessions without an end have ten years from the opening on", "a database that needs an end for every record",
			changeInstances(func(_ *faulty, b *backend) {
				for id, r := range b.live() {
					if r.expires.IsZero() {
						r.expires = b.clock.Now().AddDate(10, 0, 0)
						b.write(id, r)
					}
				}
			})),
		unusual("a set of what the backend has already is left out", "the record is read first: another may have written",
			changeInstances(func(f *faulty, b *backend) {
				set := f.set
				f.set = func(ctx context.Context, id string, s *spec.Session) error {
					if r, ok := b.read(id); ok && r == rowOf(s) && b.keep == nil {
						return f.enter(ctx)
					}
					return set(ctx, id, s)
				}
			})),
		unusual("an id of the store's own books is refused", "an error is an answer",
			changeInstances(func(f *faulty, _ *backend) {
				checkID(f, func(id string) error {
					if slices.Contains([]string{"~lock", "~index"}, id) {
						return errBooks
					}
					return nil
				})
			})),
	}
}
