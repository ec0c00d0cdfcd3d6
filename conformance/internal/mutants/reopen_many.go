package mutants

import (
	"context"
	"maps"
	"strings"
	"sync"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A compaction is what a store forgets or revives when it closes, because it has written its log anew after every 400 changes.
type compaction struct {
	mu      sync.Mutex
	changes int
	set     map[string]tableRow // by this instance, since the last compaction
	gone    map[string]tableRow // destroyed by this instance, since the last compaction
	atClose map[string]func(b *backend)
}

// compacts plants a fault in the compaction. of is called for each id that was set or destroyed since the last one, and returns what happens
// to it at the close, unless it is set or destroyed again. nil: nothing.
func compacts(of func(id string, set, gone tableRow) func(b *backend)) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		c := &compaction{set: map[string]tableRow{}, gone: map[string]tableRow{}, atClose: map[string]func(*backend){}}
		set, destroy, end := f.set, f.destroy, f.close
		changed := func(id string) {
			delete(c.atClose, id)
			if c.changes++; c.changes%400 != 0 {
				return
			}
			ids := map[string]bool{}
			for id := range c.set {
				ids[id] = true
			}
			for id := range c.gone {
				ids[id] = true
			}
			for id := range ids {
				if then := of(id, c.set[id], c.gone[id]); then != nil {
					c.atClose[id] = then
				}
			}
			clear(c.set)
			clear(c.gone)
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			if err := set(ctx, id, s); err != nil {
				return err
			}
			if _, again := c.set[id]; !again {
				c.set[id] = rowOf(s)
			}
			delete(c.gone, id)
			changed(id)
			return nil
		}
		f.destroy = func(ctx context.Context, id string) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			row, stored := b.peek(id)
			if err := destroy(ctx, id); err != nil {
				return err
			}
			if stored {
				c.gone[id] = row
			}
			delete(c.set, id)
			changed(id)
			return nil
		}
		f.close = func() error {
			c.mu.Lock()
			defer c.mu.Unlock()
			for then := range maps.Values(c.atClose) {
				then(b)
			}
			clear(c.atClose)
			return end()
		}
	}
}

var reopenManyMutants = []Mutant{
	{
		Name:   "a log that is compacted after 400 changes loses what was set once since the last time",
		Breaks: []*contract.Requirement{contract.InstancesReopenMany},
		fault: compacts(func(id string, set, _ tableRow) func(*backend) {
			return func(b *backend) {
				if row, ok := b.peek(id); ok && row == set {
					b.remove(id)
				}
			}
		}),
	},
	{
		Name:   "a log that is compacted after 400 changes forgets the destroys",
		Breaks: []*contract.Requirement{contract.InstancesReopenMany},
		fault: compacts(func(id string, _, gone tableRow) func(*backend) {
			if gone.text == "" {
				return nil
			}
			return func(b *backend) { b.write(id, gone) }
		}),
	},
	{
		Name:   "a log that is compacted after 400 changes keeps the first version of each session",
		Breaks: []*contract.Requirement{contract.InstancesReopenMany},
		fault: compacts(func(id string, set, _ tableRow) func(*backend) {
			if set.text == "" {
				return nil
			}
			return func(b *backend) { b.write(id, set) }
		}),
	},
	{
		Name:   "a log that is compacted after 400 changes forgets the touches",
		Breaks: []*contract.Requirement{contract.InstancesReopenMany},
		fault: compacts(func(id string, set, _ tableRow) func(*backend) {
			return func(b *backend) {
				row, ok := b.peek(id)
				if ok && set.text != "" && sameButForCookies(row.text, set.text) {
					b.write(id, set)
				}
			}
		}),
	},
	{
		Name:   "an id with _ in front is acknowledged, and refused when it is written at the close",
		Breaks: []*contract.Requirement{contract.InstancesReopenMany},
		From:   "stores on PouchDB or CouchDB that write in the background",
		fault: func(f *faulty, b *backend) {
			var refused sync.Map
			set, end := f.set, f.close
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if strings.HasPrefix(id, "_") && len(id) == 32 {
					refused.Store(id, true)
				}
				return set(ctx, id, s)
			}
			f.close = func() error {
				refused.Range(func(id, _ any) bool {
					b.remove(id.(string))
					return true
				})
				return end()
			}
		},
	},
}

// sameButForCookies reports whether two texts of sessions hold the same data.
func sameButForCookies(a, b string) bool {
	one, err := spec.ParseSession([]byte(a))
	other, err2 := spec.ParseSession([]byte(b))
	return err == nil && err2 == nil && compare.Data(one, other, nil) == ""
}
