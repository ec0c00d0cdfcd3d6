package mutants

import (
	"context"
	"errors"
	"sync"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var errBooks = errors.New("the store keeps its books there")

// skippedMutants leave out a write because the instance has written the same before.
var skippedMutants = []Mutant{
	{
		Name:   "a set of what the instance itself has set last is left out",
		Breaks: []*contract.Requirement{contract.InstancesSeeWrites, contract.InstancesSeeTouches},
		fault: skips(func(f *faulty, b *backend, own map[string]string) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if r, ok := b.read(id); ok && own[id] == s.String() && !r.expires.IsZero() {
					return f.enter(ctx)
				}
				own[id] = s.String()
				return set(ctx, id, s)
			}
		}),
	},
	{
		Name:   "a set of data that the instance itself has set last writes the cookie alone",
		Breaks: []*contract.Requirement{contract.InstancesSeeWrites},
		fault: skips(func(f *faulty, _ *backend, own map[string]string) {
			set, touch := f.set, f.touch
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				bare := s.Clone()
				bare.Cookie = spec.NewCookie()
				if own[id] == bare.String() {
					return touch(ctx, id, s)
				}
				own[id] = bare.String()
				return set(ctx, id, s)
			}
		}),
	},
	{
		Name:   "a set of what the instance itself has set last, of whatever id, is left out",
		Breaks: []*contract.Requirement{contract.InstancesSeeWrites, contract.InstancesSeeTouches},
		fault: skips(func(f *faulty, _ *backend, own map[string]string) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if own[""] == id+s.String() {
					return f.enter(ctx)
				}
				own[""] = id + s.String()
				return set(ctx, id, s)
			}
		}),
	},
	{
		Name:   "a touch to the end that the instance itself has written last is left out",
		Breaks: []*contract.Requirement{contract.InstancesSeeTouches},
		fault: skips(func(f *faulty, _ *backend, own map[string]string) {
			set, touch := f.set, f.touch
			end := func(s *spec.Session) string {
				raw, _ := s.Cookie.Raw("expires")
				return string(raw)
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				own[id] = end(s)
				return set(ctx, id, s)
			}
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if own[id] == end(s) {
					return f.enter(ctx)
				}
				own[id] = end(s)
				return touch(ctx, id, s)
			}
		}),
	},
}

// skips plants a fault in an instance that remembers its own writes by id, and forgets those that it undoes itself.
func skips(fault func(f *faulty, b *backend, own map[string]string)) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		own := map[string]string{}
		forgetOwn(f, own)
		fault(f, b, own)
		writeInTurn(f)
	}
}

// forgetOwn makes an instance forget what it has destroyed, touched or cleared itself.
func forgetOwn(f *faulty, own map[string]string) {
	destroy, touch, wipe := f.destroy, f.touch, f.clear
	forget := func(id string) {
		delete(own, id)
		delete(own, "")
	}
	f.destroy = func(ctx context.Context, id string) error {
		forget(id)
		return destroy(ctx, id)
	}
	f.touch = func(ctx context.Context, id string, s *spec.Session) error {
		forget(id)
		return touch(ctx, id, s)
	}
	f.clear = func(ctx context.Context) error {
		clear(own)
		return wipe(ctx)
	}
}

// writeInTurn makes the writes of an instance wait for each other.
func writeInTurn(f *faulty) {
	var mu sync.Mutex
	set, destroy, touch, wipe := f.set, f.destroy, f.touch, f.clear
	inTurn := func(do func() error) error {
		mu.Lock()
		defer mu.Unlock()
		return do()
	}
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		return inTurn(func() error { return set(ctx, id, s) })
	}
	f.destroy = func(ctx context.Context, id string) error { return inTurn(func() error { return destroy(ctx, id) }) }
	f.touch = func(ctx context.Context, id string, s *spec.Session) error {
		return inTurn(func() error { return touch(ctx, id, s) })
	}
	f.clear = func(ctx context.Context) error { return inTurn(func() error { return wipe(ctx) }) }
}
