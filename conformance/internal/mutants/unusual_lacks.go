package mutants

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

// unusualLacks are stores without optional methods or properties.
func unusualLacks() []Unusual {
	cut := func(with func(f *faulty) spec.Store) func(*conformance.Subject, *rig) {
		return func(s *conformance.Subject, r *rig) {
			s.Break = nil
			wrapInstances(s, r, func(f *faulty, _ *backend) spec.Store { return with(f) })
		}
	}
	return []Unusual{
		unusual("three methods and no Close", "nothing else is required",
			cut(func(f *faulty) spec.Store { return struct{ spec.Store }{f} })),
		unusual("touch only", "the recommended method without the optional ones",
			cut(func(f *faulty) spec.Store {
				return struct {
					spec.Store
					spec.Toucher
				}{f, f}
			})),
		unusual("denies all optional methods", "a wrapper learns at run time what the store inside can do",
			changeInstances(func(f *faulty, _ *backend) { f.touch, f.all, f.clear, f.length = nil, nil, nil, nil })),
		unusual("counts and does not clear", "no test can start from an empty store",
			changeInstances(func(f *faulty, _ *backend) { f.clear = nil })),
		unusual("each instance alone", "neither durable nor shared: a map in memory",
			func(s *conformance.Subject, r *rig) {
				s.Durable, s.Shared, s.OpenForeign, s.Corrupt = false, false, nil, nil
				s.Open = func(context.Context) (spec.Store, error) { return newBackend(r.clock).open(), nil }
			}),
		unusual("durable and exclusive", "an embedded database is locked by its first instance",
			func(s *conformance.Subject, r *rig) {
				s.Shared, s.Break = false, nil
				var (
					mu   sync.Mutex
					open = map[*backend]bool{}
				)
				lock := func(b *backend) error {
					mu.Lock()
					defer mu.Unlock()
					if open[b] {
						return errors.New("the database is locked by another instance")
					}
					open[b] = true
					return nil
				}
				opener := func(b *backend) func(context.Context) (spec.Store, error) {
					return func(context.Context) (spec.Store, error) {
						if err := lock(b); err != nil {
							return nil, err
						}
						f := b.open()
						end, once := f.close, sync.Once{}
						f.close = func() error {
							err := end()
							once.Do(func() {
								mu.Lock()
								defer mu.Unlock()
								open[b] = false
							})
							return err
						}
						return f, nil
					}
				}
				s.Open, s.OpenForeign = opener(r.backend), opener(r.foreign)
			}),
		unusual("shared and not durable", "a server in memory that ends with its last client",
			func(s *conformance.Subject, r *rig) {
				s.Durable = false
				var (
					mu   sync.Mutex
					open = map[*backend]int{}
				)
				wrapInstances(s, r, func(f *faulty, b *backend) spec.Store {
					count := func(n int) {
						mu.Lock()
						defer mu.Unlock()
						if open[b] += n; open[b] == 0 {
							b.mu.Lock()
							defer b.mu.Unlock()
							clear(b.rows)
						}
					}
					count(1)
					end, once := f.close, sync.Once{}
					f.close = func() error {
						err := end()
						once.Do(func() { count(-1) })
						return err
					}
					return f
				})
			}),
		unusual("others work on it", "a shared server in use: sessions of other users come and go all the time",
			func(s *conformance.Subject, r *rig) {
				s.Disposable = false
				var n atomic.Int64
				wrapInstances(s, r, func(f *faulty, b *backend) spec.Store {
					beforeEachCall(f, func(context.Context) error {
						k := n.Add(1)
						other := spec.NewSession(spec.NewCookie())
						_ = other.Set("user", k)
						b.write(fmt.Sprintf("other-%d", k), rowOf(other))
						b.remove(fmt.Sprintf("other-%d", k-50))
						return nil
					})
					return f
				})
			}),
	}
}
