package mutants

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

// unusualSlow are stores that take time for their calls.
func unusualSlow() []Unusual {
	return []Unusual{
		unusual("slow", "20 to 50 ms a call, in real time: a database in another town",
			func(s *conformance.Subject, r *rig) {
				var n atomic.Int64
				wrapInstances(s, r, func(f *faulty, _ *backend) spec.Store {
					beforeEachCall(f, func(ctx context.Context) error {
						return waitFor(ctx, time.Duration(20+n.Add(7)%31)*time.Millisecond)
					})
					return f
				})
				inRealTime(s, r)
				s.Granularity = 0
			}),
		unusual("slow to answer", "what it did is done before it answers: the other half of a slow connection, in real time",
			func(s *conformance.Subject, r *rig) {
				inRealTime(s, r)
				s.Granularity = 0
				wrapInstances(s, r, func(f *faulty, _ *backend) spec.Store {
					set, get, touch := f.set, f.get, f.touch
					f.set = func(ctx context.Context, id string, s *spec.Session) error {
						err := set(ctx, id, s)
						time.Sleep(20 * time.Millisecond)
						return err
					}
					f.get = func(ctx context.Context, id string) (*spec.Session, error) {
						s, err := get(ctx, id)
						time.Sleep(20 * time.Millisecond)
						return s, err
					}
					f.touch = func(ctx context.Context, id string, s *spec.Session) error {
						err := touch(ctx, id, s)
						time.Sleep(20 * time.Millisecond)
						return err
					}
					return f
				})
			}),
		unusual("slow to close", "what is left is written first, for a second and a half",
			func(s *conformance.Subject, r *rig) {
				wrapInstances(s, r, func(f *faulty, _ *backend) spec.Store {
					finish := f.close
					f.close = func() error {
						time.Sleep(1500 * time.Millisecond)
						return finish()
					}
					return f
				})
			}),
		unusual("slow to open", "migrations run first",
			func(s *conformance.Subject, _ *rig) {
				for _, open := range []*func(context.Context) (spec.Store, error){&s.Open, &s.OpenForeign} {
					inner := *open
					*open = func(ctx context.Context) (spec.Store, error) {
						if err := waitFor(ctx, 300*time.Millisecond); err != nil {
							return nil, err
						}
						return inner(ctx)
					}
				}
			}),
		unusual("one slow call at a time", "a global lock held across 5 ms of input and output, in real time",
			func(s *conformance.Subject, r *rig) {
				inRealTime(s, r)
				s.Granularity = 0
				var mu sync.Mutex
				wrapInstances(s, r, func(f *faulty, _ *backend) spec.Store {
					beforeEachCall(f, func(context.Context) error {
						mu.Lock()
						defer mu.Unlock()
						time.Sleep(5 * time.Millisecond)
						return nil
					})
					return f
				})
			}),
		unusual("write-behind with a flush", "sets are gathered and written together, and acknowledged when that is done", changeInstances(writeBehind)),
		unusual("a destroy takes effect late, and is acknowledged later", "gets wait for it at its lock",
			func(s *conformance.Subject, r *rig) {
				var mu sync.RWMutex
				wrapInstances(s, r, func(f *faulty, _ *backend) spec.Store {
					destroy := f.destroy
					f.destroy = func(ctx context.Context, id string) error {
						mu.Lock()
						defer mu.Unlock()
						time.Sleep(time.Millisecond)
						return destroy(ctx, id)
					}
					get, set, touch := f.get, f.set, f.touch
					f.get = func(ctx context.Context, id string) (*spec.Session, error) {
						mu.RLock()
						defer mu.RUnlock()
						return get(ctx, id)
					}
					f.set = func(ctx context.Context, id string, s *spec.Session) error {
						mu.RLock()
						defer mu.RUnlock()
						return set(ctx, id, s)
					}
					f.touch = func(ctx context.Context, id string, s *spec.Session) error {
						mu.RLock()
						defer mu.RUnlock()
						return touch(ctx, id, s)
					}
					return f
				})
			}),
	}
}

// writeBehind gathers sets for two milliseconds. A set returns when it is written.
func writeBehind(f *faulty, b *backend) {
	type write struct {
		id   string
		row  tableRow
		done chan struct{}
	}
	queue, stop, ended := make(chan write), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var batch []write
			select {
			case w := <-queue:
				batch = append(batch, w)
			case <-stop:
				return
			}
			for full := time.After(2 * time.Millisecond); full != nil; {
				select {
				case w := <-queue:
					batch = append(batch, w)
				case <-full:
					full = nil
				}
			}
			for _, w := range batch {
				b.write(w.id, w.row)
				close(w.done)
			}
		}
	}()
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if err := f.enter(ctx); err != nil {
			return err
		}
		w := write{id, rowOf(s), make(chan struct{})}
		select {
		case queue <- w:
		case <-stop:
			return errClosed
		}
		<-w.done
		return nil
	}
	end := f.close
	var once sync.Once
	f.close = func() error {
		err := end()
		once.Do(func() { close(stop) })
		<-ended
		return err
	}
}
