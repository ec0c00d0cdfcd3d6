package mutants

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// end2038 is when 32 bits of seconds with a sign are full.
var end2038 = time.Unix(math.MaxInt32, 0)

var calendarMutants = []Mutant{
	{
		Name:   "a life is cut off at thirty days",
		Breaks: []*contract.Requirement{contract.CalendarLivesHold, contract.CalendarSweepSpares, contract.CalendarFarEnds, contract.ExpiryLong},
		fault: endsAt(func(l lived) time.Time {
			if l.left > 30*day && !l.expires.IsZero() {
				return l.now.Add(30 * day)
			}
			return l.expires
		}),
	},
	{
		Name:   "a life is kept in 31 bits of milliseconds, and a longer one is none",
		Breaks: []*contract.Requirement{contract.CalendarLivesHold, contract.CalendarProlongedDaily, contract.CalendarSweepSpares, contract.CalendarFarEnds, contract.ExpiryLong, contract.ExpiryVeryLong},
		fault: endsAt(func(l lived) time.Time {
			if ms := l.left.Milliseconds(); ms > math.MaxInt32 && !l.expires.IsZero() {
				return l.now
			}
			return l.expires
		}),
	},
	{
		Name:   "a session of more than a month has no end",
		Breaks: []*contract.Requirement{contract.CalendarLivesEnd, contract.ExpiryLong},
		fault: endsAt(func(l lived) time.Time {
			if l.left > 31*day+time.Hour {
				return time.Time{}
			}
			return l.expires
		}),
	},
	{
		Name:   "lives of more than a year are rounded up to years",
		Breaks: []*contract.Requirement{contract.CalendarLivesEnd, contract.ExpiryLong},
		fault: endsAt(func(l lived) time.Time {
			const year = 365 * day
			if l.left > year && l.left < 100*year {
				return l.now.Add((l.left/year + 1) * year)
			}
			return l.expires
		}),
	},
	{
		Name:   "the twentieth touch of a session is the last that counts",
		Breaks: []*contract.Requirement{contract.CalendarProlongedDaily},
		fault: func(f *faulty, _ *backend) {
			var mu sync.Mutex
			touches := map[string]int{}
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				mu.Lock()
				touches[id]++
				n := touches[id]
				mu.Unlock()
				if n > 20 {
					return f.enter(ctx)
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "a session ends 35 days after its first set, whatever prolongs it",
		Breaks: []*contract.Requirement{contract.CalendarProlongedDaily, contract.CalendarSweepSpares, contract.CalendarLivesHold},
		fault: bornThen(func(b birth, now time.Time, r tableRow) bool {
			return now.Sub(b.at) > 35*day && r.expires.Sub(b.at) < 100*day
		}),
	},
	{
		Name:   "each day a sweep goes by the ends that sessions had first",
		Breaks: []*contract.Requirement{contract.CalendarSweepSpares, contract.CalendarProlongedDaily},
		fault: bornThen(func(b birth, now time.Time, _ tableRow) bool {
			return now.Sub(b.at) > day && !b.end.IsZero() && now.After(b.end)
		}),
	},
	{
		Name:   "each week a sweep takes what is not touched for a week",
		Breaks: []*contract.Requirement{contract.CalendarSweepSpares, contract.CalendarProlongedDaily},
		fault: bornThen(func(b birth, now time.Time, r tableRow) bool {
			return now.Sub(b.at) >= 7*day && r.expires.Sub(b.at) == 60*day
		}),
	},
	{
		Name:   "after an idle night the first destroy meets a dead connection",
		Breaks: []*contract.Requirement{contract.CalendarIdleNight},
		fault:  deadConnection(func(f *faulty, alive func() error) { f.destroy = afterNight(f.destroy, alive) }),
	},
	{
		Name:   "after an idle night the first touch meets a dead connection",
		Breaks: []*contract.Requirement{contract.CalendarIdleNight},
		fault: deadConnection(func(f *faulty, alive func() error) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if err := alive(); err != nil {
					return err
				}
				return touch(ctx, id, s)
			}
		}),
	},
	{
		Name:     "an end on 29 February is kept as one on 1 March",
		Breaks:   []*contract.Requirement{contract.CalendarOddDates},
		MayBreak: []*contract.Requirement{contract.CalendarAfter2038},
		fault: endsAt(func(l lived) time.Time {
			if end := l.expires.UTC(); end.Month() == time.February && end.Day() == 29 {
				return end.Add(day)
			}
			return l.expires
		}),
	},
	{
		Name:     "the year of an end that is less than a week away is that of the set",
		Breaks:   []*contract.Requirement{contract.CalendarOddDates},
		MayBreak: []*contract.Requirement{contract.CalendarLivesHold},
		fault: endsAt(func(l lived) time.Time {
			if end, now := l.expires.UTC(), l.now.UTC(); l.left < 7*day && l.left > 0 && end.Year() > now.Year() {
				return end.AddDate(now.Year()-end.Year(), 0, 0)
			}
			return l.expires
		}),
	},
	{
		Name:   "ends are kept in 32 bits of seconds without a sign",
		Breaks: []*contract.Requirement{contract.CalendarFarEnds, contract.ExpiryVeryLong},
		fault: endsAt(func(l lived) time.Time {
			if seconds := l.expires.Unix(); seconds > math.MaxUint32 {
				return time.Unix(int64(uint32(seconds)), 0)
			}
			return l.expires
		}),
	},
	{
		Name:   "a session that ends in more than a lifetime is removed after a year",
		Breaks: []*contract.Requirement{contract.CalendarFarEnds},
		fault: bornThen(func(b birth, now time.Time, r tableRow) bool {
			return now.Sub(b.at) > 365*day && r.expires.Sub(b.at) > 70*365*day
		}),
	},
	{
		Name:     "after January 2038 nothing ends, because the time is kept in 32 bits of seconds",
		Breaks:   []*contract.Requirement{contract.CalendarAfter2038, contract.CalendarLivesEnd, contract.CalendarProlongedDaily, contract.CalendarOddDates},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryOverOriginalMaxAge, contract.ExpiryMilliseconds, contract.ExpiryLong, contract.ExpiryAllExcludes, contract.ExpiryLatestWins, contract.ExpiryGetDoesNotExtend, contract.FidelityNestedCookie, contract.InstancesReopenExpiry},
		fault: endsAt(func(l lived) time.Time {
			if l.now.After(end2038) && l.left > 0 {
				return time.Time{}
			}
			return l.expires
		}),
	},
	{
		Name:     "after January 2038 all lists nothing",
		Breaks:   []*contract.Requirement{contract.CalendarAfter2038},
		MayBreak: []*contract.Requirement{contract.ExpiryAllProlonged},
		fault: func(f *faulty, b *backend) {
			all := f.all
			f.all = func(ctx context.Context) ([]*spec.Session, error) {
				listed, err := all(ctx)
				if b.clock.Now().After(end2038) {
					return nil, err
				}
				return listed, err
			}
		},
	},
}

// A birth is the first set of a session.
type birth struct {
	at, end time.Time
}

// bornThen makes a get remove a session for which so returns true of its first set, the present, and its record.
func bornThen(so func(b birth, now time.Time, r tableRow) bool) func(*faulty, *backend) {
	var mu sync.Mutex
	births := map[string]birth{} // of all instances
	return func(f *faulty, b *backend) {
		get, set, destroy := f.get, f.set, f.destroy
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			_, lives := b.read(id)
			mu.Lock()
			if !lives {
				births[id] = birth{b.clock.Now(), rowOf(s).expires}
			}
			mu.Unlock()
			return set(ctx, id, s)
		}
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			r, lives := b.read(id)
			mu.Lock()
			born, known := births[id]
			mu.Unlock()
			if lives && known && so(born, b.clock.Now(), r) {
				b.remove(id)
			}
			return get(ctx, id)
		}
		f.destroy = destroy
	}
}

// errDead is what a call says whose connection is gone.
var errDead = errors.New("the connection is dead")

// deadConnection gives a fault a function that fails once when nobody has used it for a night.
func deadConnection(fault func(f *faulty, alive func() error)) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		var mu sync.Mutex
		var last time.Time
		fault(f, func() error {
			mu.Lock()
			defer mu.Unlock()
			now := b.clock.Now()
			idle := now.Sub(last)
			last = now
			if idle > 8*time.Hour && idle < 12*time.Hour {
				return errDead
			}
			return nil
		})
	}
}

func afterNight(call func(context.Context, string) error, alive func() error) func(context.Context, string) error {
	return func(ctx context.Context, id string) error {
		if err := alive(); err != nil {
			return err
		}
		return call(ctx, id)
	}
}
