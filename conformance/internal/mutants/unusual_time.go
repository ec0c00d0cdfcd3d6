package mutants

import (
	"context"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// unusualTime are stores that keep time in another way.
func unusualTime() []Unusual {
	floor := func(ms int64) int64 { return ms - (ms%1000+1000)%1000 }
	ceil := func(ms int64) int64 { return floor(ms + 999) }
	seconds := func(g time.Duration, end endRule, more ...func(*conformance.Subject, *rig)) func(*conformance.Subject, *rig) {
		return func(s *conformance.Subject, r *rig) {
			keepUntil(s, r, g, end)
			for _, change := range more {
				change(s, r)
			}
		}
	}
	floorLife := func(now, expires int64) int64 { return now + floor(expires-now) }
	ceilLife := func(now, expires int64) int64 { return now + ceil(expires-now) }
	roundEnd := func(_, expires int64) int64 { return floor(expires + 500) }
	// ticking is memcached, whose clock shows whole seconds.
	ticking := func(now, expires int64) int64 { return floor(now) + ceil(expires-now) }
	// coarse rounds down twice: the life, and the clock that it starts from.
	coarse := func(now, expires int64) int64 { return floor(now) + floor(expires-now) }
	// atLeastOne keeps a life of at least a second, for a backend where 0 is refused or means for ever.
	atLeastOne := func(now, expires int64) int64 { return now + max(ceil(expires-now), 1000) }
	exact := func(_, expires int64) int64 { return expires }
	// showLeft makes get compute expires from the whole seconds that are left.
	showLeft := changeInstances(func(f *faulty, b *backend) {
		get := f.get
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			s, err := get(ctx, id)
			if row, ok := b.peek(id); s != nil && ok && !row.expires.IsZero() {
				now := b.clock.Now().UnixMilli()
				s.Cookie.RestoreExpires(time.UnixMilli(now + floor(row.expires.UnixMilli()-now)))
			}
			return s, err
		}
	})
	const s = time.Second
	return []Unusual{
		unusual("whole seconds, life rounded down", "allowed by a granularity of a second", seconds(s, floorLife)),
		unusual("whole seconds, life rounded down, while time runs", "the same while time runs", seconds(s, floorLife, inRealTime)),
		unusual("whole seconds, life rounded up", "allowed by a granularity of a second", seconds(s, ceilLife)),
		unusual("whole seconds, life rounded up, while time runs", "the same while time runs", seconds(s, ceilLife, inRealTime)),
		unusual("whole seconds, end rounded", "a column that holds seconds", seconds(s, roundEnd)),
		unusual("whole seconds, end rounded, while time runs", "the same while time runs", seconds(s, roundEnd, inRealTime)),
		unusual("a clock of whole seconds", "memcached", seconds(s, ticking)),
		unusual("a clock of whole seconds, while time runs", "memcached", seconds(s, ticking, inRealTime)),
		unusual("a clock and lives of whole seconds, both rounded down", "right for who declares two seconds", seconds(2*s, coarse)),
		unusual("expires from the life left", "a store that asks its backend for whole seconds shows what it is told; allowed by a granularity of a second",
			seconds(s, exact, showLeft)),
		unusual("expires from the life left, while time runs", "the same while time runs", seconds(s, exact, showLeft, inRealTime)),
		unusual("exact in real time", "a millisecond is declared and kept, however busy the machine is",
			inRealTime),
		unusual("five seconds", "right for who declares it", seconds(5*s, func(_, expires int64) int64 {
			return expires - expires%5000
		})),
		unusual("a second at least", "Redis refuses a life of 0; a Should, since a past expiry lives on for a second",
			seconds(s, atLeastOne), contract.ExpiryPastIsMissing),
		unusual("browser sessions live for an hour", "session-file-store; what becomes of them is the store's to say",
			func(_ *conformance.Subject, r *rig) {
				keep := func(row tableRow) tableRow {
					if row.expires.IsZero() {
						row.expires = r.clock.Now().Add(time.Hour)
					}
					return row
				}
				r.backend.keep, r.foreign.keep = keep, keep
			}),
		unusual("alive at the very moment of its end", "nothing is asked of a session within the granularity",
			seconds(time.Millisecond, func(_, expires int64) int64 { return expires + 1 })),
		unusual("a past expiry destroys", "connect-redis deletes instead of storing",
			changeInstances(func(f *faulty, b *backend) {
				set := f.set
				f.set = func(ctx context.Context, id string, s *spec.Session) error {
					if expires, ok := s.Cookie.Expires(); ok && !expires.After(b.clock.Now()) {
						return f.destroy(ctx, id)
					}
					return set(ctx, id, s)
				}
			})),
		unusual("touch shows the old cookie", "SQL stores move a column and leave the text as it is; a Should",
			changeInstances(func(f *faulty, b *backend) {
				f.touch = func(ctx context.Context, id string, s *spec.Session) error {
					if err := f.enter(ctx); err != nil {
						return err
					}
					return b.update(id, func(r tableRow) (tableRow, error) {
						r.expires, _ = s.Cookie.Expires()
						return r, nil
					})
				}
			}), contract.MiddlewareEarlySave, contract.MiddlewareMaxAgeChange),
		unusual("touch shows the new expires only", "the other attributes stay as they were set",
			changeInstances(func(f *faulty, b *backend) {
				f.touch = func(ctx context.Context, id string, s *spec.Session) error {
					if err := f.enter(ctx); err != nil {
						return err
					}
					return b.update(id, func(r tableRow) (tableRow, error) {
						stored, err := spec.ParseSession([]byte(r.text))
						if err != nil {
							return r, err
						}
						if expires, ok := s.Cookie.Expires(); ok {
							stored.Cookie.RestoreExpires(expires)
						} else if err := stored.Cookie.SetRaw("expires", []byte("null")); err != nil {
							return r, err
						}
						return rowOf(stored), nil
					})
				}
			}), contract.MiddlewareMaxAgeChange),
		unusual("touch revives the expired", "SQL stores update whatever row is there; a Should",
			changeInstances(func(f *faulty, b *backend) {
				f.touch = func(ctx context.Context, id string, s *spec.Session) error {
					if err := f.enter(ctx); err != nil {
						return err
					}
					b.mu.Lock()
					defer b.mu.Unlock()
					if r, ok := b.rows[id]; ok {
						r.expires, _ = s.Cookie.Expires()
						b.put(id, r)
					}
					return nil
				}
			}), contract.TouchExpiredStaysDead, contract.MiddlewareMaxAgeChange),
		unusual("touch never shortens", "the session family of level; a Should",
			changeInstances(func(f *faulty, b *backend) {
				touch := f.touch
				f.touch = func(ctx context.Context, id string, s *spec.Session) error {
					r, ok := b.read(id)
					if expires, ends := s.Cookie.Expires(); ok && ends && (r.expires.IsZero() || expires.Before(r.expires)) {
						return f.enter(ctx)
					}
					return touch(ctx, id, s)
				}
			}), contract.TouchShortens),
	}
}

// An endRule returns the end that the store keeps for a session. Times are milliseconds since 1970, because the longest lives are too long for
// a time.Duration.
type endRule func(now, expires int64) int64

// keepUntil makes the store keep other ends. Sessions without an expiry stay as they are.
func keepUntil(s *conformance.Subject, r *rig, g time.Duration, end endRule) {
	keep := func(row tableRow) tableRow {
		if !row.expires.IsZero() {
			row.expires = time.UnixMilli(end(r.clock.Now().UnixMilli(), row.expires.UnixMilli()))
		}
		return row
	}
	r.backend.keep, r.foreign.keep = keep, keep
	s.Granularity = g
}
