package mutants

import (
	"context"
	"math"
	"time"

	"github.com/storecheck/storecheck/spec"
)

const day = 24 * time.Hour

// A lived is a session that is being set, with its correct life.
type lived struct {
	id      string
	session *spec.Session
	now     time.Time
	expires time.Time     // zero: never
	left    time.Duration // until expires; the longest Duration for never
	old     tableRow
	live    bool // whether old is a live row of the id
}

func (b *backend) lived(id string, s *spec.Session) lived {
	l := lived{id: id, session: s, now: b.clock.Now(), expires: rowOf(s).expires, left: math.MaxInt64}
	l.old, l.live = b.read(id)
	if !l.expires.IsZero() {
		l.left = l.expires.Sub(l.now)
	}
	return l
}

// endsAt makes a set compute a wrong end.
func endsAt(end func(lived) time.Time) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			if err := f.enter(ctx); err != nil {
				return err
			}
			r := rowOf(s)
			r.expires = end(b.lived(id, s))
			b.write(id, r)
			return nil
		}
	}
}

// refuses makes a set refuse sessions for which why returns an error.
func refuses(why func(lived) error) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		set := f.set
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			if err := why(b.lived(id, s)); err != nil {
				return err
			}
			return set(ctx, id, s)
		}
	}
}
