package mutants

import (
	"context"
	"errors"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

// zoneOffsets are the offsets of the zones that the suite uses, without summer time. A zone that is not here is UTC.
var zoneOffsets = map[string]time.Duration{"America/St_Johns": -3*time.Hour - 30*time.Minute, "Pacific/Kiritimati": 14 * time.Hour}

// inZones opens stores as processes in time zones have them. They live in real time, on a backend of their own. with changes a store by the
// offset of its zone.
func inZones(with func(f *faulty, b *backend, offset time.Duration)) func(*conformance.Subject, *rig) {
	return func(s *conformance.Subject, r *rig) {
		b := newBackend(newClock())
		b.keep = r.backend.keep
		s.ProcessApart = true
		s.OpenInZone = func(_ context.Context, zone string) (spec.Store, error) {
			f := b.open()
			followRealTime(f, b.clock)
			with(f, b, zoneOffsets[zone])
			return f, nil
		}
	}
}

// followRealTime sets the clock at each call.
func followRealTime(f *faulty, c *clock) {
	beforeEachCall(f, func(context.Context) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.now = time.Now()
		return nil
	})
}

// writesEnds lets a store write the end of a session in another way.
func writesEnds(f *faulty, b *backend, methods []string, write func(time.Time) time.Time) {
	set, touch := f.set, f.touch
	rewrite := func(id string, err error) error {
		return errors.Join(err, b.update(id, func(r tableRow) (tableRow, error) {
			if !r.expires.IsZero() {
				r.expires = write(r.expires)
			}
			return r, nil
		}))
	}
	for _, method := range methods {
		switch method {
		case "set":
			f.set = func(ctx context.Context, id string, s *spec.Session) error { return rewrite(id, set(ctx, id, s)) }
		case "touch":
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if _, live := b.read(id); !live {
					return touch(ctx, id, s)
				}
				return rewrite(id, touch(ctx, id, s))
			}
		}
	}
}

// readsEnds lets a store take the ends of sessions for others.
func readsEnds(f *faulty, b *backend, read func(time.Time) time.Time) {
	get := f.get
	f.get = func(ctx context.Context, id string) (*spec.Session, error) {
		if r, ok := b.peek(id); ok && !r.expires.IsZero() {
			r.expires = read(r.expires)
			if r.expired(time.Now()) {
				return nil, f.enter(ctx)
			}
			if err := f.enter(ctx); err != nil {
				return nil, err
			}
			return spec.ParseSession([]byte(r.text))
		}
		return get(ctx, id)
	}
}
