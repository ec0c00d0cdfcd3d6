package mutants

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A window is the moment in which another call can overtake. It stays open while other calls are in flight.
type window struct{ calls atomic.Int32 }

// inWindow gives the methods of a fault a window.
func inWindow(fault func(f *faulty, b *backend, w *window)) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		w := new(window)
		fault(f, b, w)
		get, set, destroy, touch := f.get, f.set, f.destroy, f.touch
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			w.calls.Add(1)
			defer w.calls.Add(-1)
			return get(ctx, id)
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			w.calls.Add(1)
			defer w.calls.Add(-1)
			return set(ctx, id, s)
		}
		f.destroy = func(ctx context.Context, id string) error {
			w.calls.Add(1)
			defer w.calls.Add(-1)
			return destroy(ctx, id)
		}
		f.touch = func(ctx context.Context, id string, s *spec.Session) error {
			w.calls.Add(1)
			defer w.calls.Add(-1)
			return touch(ctx, id, s)
		}
	}
}

// await lets other goroutines run until so returns true, for some turns. On a busy machine a turn takes long, so time is bounded too: other
// checks wait for the call.
func (w *window) await(so func() bool) {
	const alone, most, longest = 64, 4000, 50 * time.Millisecond
	begun := time.Now()
	for n := 0; n < most && !so(); n++ {
		if n > alone && (w.calls.Load() < 2 || time.Since(begun) > longest) {
			return
		}
		runtime.Gosched()
	}
}

// awaitChange waits for another call to change a record.
func (w *window) awaitChange(b *backend, id string) {
	was, stored := b.peek(id)
	w.await(func() bool {
		is, still := b.peek(id)
		return is != was || still != stored
	})
}
