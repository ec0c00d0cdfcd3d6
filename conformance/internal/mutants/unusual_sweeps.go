package mutants

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

// unusualSweeps are stores that remove expired sessions on their own.
func unusualSweeps() []Unusual {
	return []Unusual{
		unusual("a sweeper runs beside it", "a goroutine removes the expired every 20 ms, in real time, and ends with the instance",
			func(s *conformance.Subject, r *rig) {
				inRealTime(s, r)
				s.Granularity = 100 * time.Millisecond
				wrapInstances(s, r, func(f *faulty, b *backend) spec.Store {
					stop, ended := make(chan struct{}), make(chan struct{})
					go func() {
						defer close(ended)
						tick := time.NewTicker(20 * time.Millisecond)
						defer tick.Stop()
						for {
							select {
							case <-stop:
								return
							case <-tick.C:
								b.sweep()
							}
						}
					}()
					end, once := f.close, sync.Once{}
					f.close = func() error {
						err := end()
						once.Do(func() { close(stop) })
						<-ended
						return err
					}
					return f
				})
			}),
	}
}

// sweeping makes length count all rows. Every nth set removes the expired rows.
func sweeping(f *faulty, b *backend, n int64) {
	var sets atomic.Int64
	set := f.set
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if sets.Add(1)%n == 0 {
			b.sweep()
		}
		return set(ctx, id, s)
	}
	f.length = func(ctx context.Context) (int, error) {
		if err := f.enter(ctx); err != nil {
			return 0, err
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.rows), nil
	}
}

// sweep removes the expired rows.
func (b *backend) sweep() {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	maps.DeleteFunc(b.rows, func(_ string, r tableRow) bool { return r.expired(now) })
}
