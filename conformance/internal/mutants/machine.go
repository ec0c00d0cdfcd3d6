package mutants

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// A machine is what a store in this process lives on alone. Its clock is the date.
type machine struct {
	*backend
	ahead time.Duration
	// These are called after what they are named for. Some are nil.
	advanced func(d time.Duration) // once, however long d is, as an interval fires
	dated    func(by time.Duration)
	stopped  func()
	dropped  func()
}

func (m *machine) Now() time.Time { return m.clock.Now() }

func (m *machine) Advance(d time.Duration) error {
	m.clock.Advance(d)
	if m.advanced != nil {
		m.advanced(d)
	}
	return nil
}

func (m *machine) SetDate(ahead time.Duration) error {
	by := ahead - m.ahead
	m.ahead = ahead
	m.clock.Advance(by)
	if m.dated != nil {
		m.dated(by)
	}
	return nil
}

func (m *machine) Stop() error { return nil }

func (m *machine) Continue() error {
	if m.stopped != nil {
		m.stopped()
	}
	return nil
}

func (m *machine) Drop(context.Context) error {
	if m.dropped != nil {
		m.dropped()
	}
	return nil
}

func (m *machine) Records(context.Context) (map[string]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return map[string]int{"rows": len(m.rows)}, nil
}

// alone lets the suite open a store that fault has changed on a machine of its own.
func alone(fault func(f *faulty, m *machine)) func(*conformance.Subject, *rig) {
	return func(s *conformance.Subject, _ *rig) {
		s.MachineDrops = true
		s.OnMachine = func(context.Context) (spec.Store, subject.Machine, error) {
			m := &machine{backend: newBackend(newClock())}
			f := m.open()
			fault(f, m)
			return f, m, nil
		}
	}
}

// removeSome removes up to n of the ended rows, those with the smallest ids.
func (m *machine) removeSome(n int) {
	for _, id := range slices.Sorted(slices.Values(m.ended()))[:min(n, len(m.ended()))] {
		m.remove(id)
	}
}

// removeWhere removes rows of which so returns true.
func (m *machine) removeWhere(so func(r tableRow) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, r := range m.rows {
		if so(r) {
			delete(m.rows, id)
		}
	}
}

// every does something by an interval, as Node does: once when it has ended, however long ago, and then it begins anew.
func (m *machine) every(interval time.Duration, do func()) {
	var since time.Duration
	m.advanced = func(d time.Duration) {
		if since += d; since >= interval {
			since = 0
			do()
		}
	}
}

// failing makes n calls fail from now on.
func failing(f *faulty, n *int) {
	beforeEachCall(f, func(context.Context) error {
		if *n == 0 {
			return nil
		}
		*n--
		return errDead
	})
}

var machineMutants = []Mutant{
	{
		Name:   "the end of an idle connection ends the process",
		Breaks: []*contract.Requirement{contract.CalendarIdleLives},
		From:   "connect-pg-simple before 5, issue 29",
		subject: alone(func(f *faulty, m *machine) {
			died := false
			m.dropped = func() { died = true }
			beforeEachCall(f, func(context.Context) error {
				if died {
					return fmt.Errorf("exit status 1: %w", probe.ErrDied)
				}
				return nil
			})
		}),
	},
	{
		Name:   "the first call on a connection that the server has ended fails",
		Breaks: []*contract.Requirement{contract.CalendarIdleDropped},
		subject: alone(func(f *faulty, m *machine) {
			n := 0
			m.dropped = func() { n = 1 }
			failing(f, &n)
		}),
	},
	{
		Name:   "get finds nothing while it connects again",
		Breaks: []*contract.Requirement{contract.CalendarIdleDropped},
		subject: alone(func(f *faulty, m *machine) {
			connected, get := true, f.get
			m.dropped = func() { connected = false }
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if !connected {
					connected = true
					return nil, f.enter(ctx)
				}
				return get(ctx, id)
			}
		}),
	},
	{
		Name:   "each sweep removes one that has ended",
		Breaks: []*contract.Requirement{contract.CalendarSweepRemoves},
		From:   "scs leveldbstore",
		subject: alone(func(_ *faulty, m *machine) {
			m.advanced = func(time.Duration) { m.removeSome(1) }
		}),
	},
	{
		Name:   "one sweep alone removes anything",
		Breaks: []*contract.Requirement{contract.CalendarSweepRemoves},
		subject: alone(func(_ *faulty, m *machine) {
			swept := false
			m.advanced = func(time.Duration) {
				if !swept && len(m.ended()) > 0 {
					m.sweep()
					swept = true
				}
			}
		}),
	},
	{
		Name:   "the sweep looks at the first half of the table",
		Breaks: []*contract.Requirement{contract.CalendarSweepRemoves},
		subject: alone(func(_ *faulty, m *machine) {
			m.advanced = func(time.Duration) { m.removeSome(max(0, len(m.ended())-20)) }
		}),
	},
	{
		Name:   "the sweep of each day takes what has no end for something that ended in 1970",
		Breaks: []*contract.Requirement{contract.CalendarSweepEndless},
		subject: alone(func(_ *faulty, m *machine) {
			m.every(day, func() { m.removeWhere(func(r tableRow) bool { return r.expires.IsZero() || r.expired(m.clock.Now()) }) })
		}),
	},
	{
		Name:   "the sweep of each quarter of an hour goes by an end that a set has removed",
		Breaks: []*contract.Requirement{contract.CalendarSweepEndless},
		subject: alone(func(f *faulty, m *machine) {
			ends, set := map[string]time.Time{}, f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if end, ok := s.Cookie.Expires(); ok {
					ends[id] = end
				}
				return set(ctx, id, s)
			}
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				ends[id], _ = s.Cookie.Expires()
				return touch(ctx, id, s)
			}
			m.every(15*time.Minute, func() {
				for id, end := range ends {
					if end.Before(m.clock.Now()) {
						m.remove(id)
					}
				}
			})
		}),
	},
	{
		Name:   "a process that was stopped begins with an empty table",
		Breaks: []*contract.Requirement{contract.CalendarStopped},
		subject: alone(func(_ *faulty, m *machine) {
			m.stopped = func() { m.removeWhere(func(tableRow) bool { return true }) }
		}),
	},
	{
		Name:   "what was to end within an hour is over when the process was stopped",
		Breaks: []*contract.Requirement{contract.CalendarStopped},
		subject: alone(func(_ *faulty, m *machine) {
			m.stopped = func() { m.removeWhere(func(r tableRow) bool { return r.expires.Sub(m.clock.Now()) < 55*time.Minute }) }
		}),
	},
	{
		Name:   "a stop of a minute is a time-out of the first call",
		Breaks: []*contract.Requirement{contract.CalendarStopped},
		subject: alone(func(f *faulty, m *machine) {
			n := 0
			m.stopped = func() { n = 1 }
			failing(f, &n)
		}),
	},
	{
		Name:   "a date that jumps counts twice",
		Breaks: []*contract.Requirement{contract.CalendarDateAhead},
		subject: alone(func(_ *faulty, m *machine) {
			m.dated = func(by time.Duration) {
				m.removeWhere(func(r tableRow) bool { return r.expires.Before(m.clock.Now().Add(by)) })
			}
		}),
	},
	{
		Name:   "a date that jumps ends all that a touch has prolonged",
		Breaks: []*contract.Requirement{contract.CalendarDateAhead},
		subject: alone(func(f *faulty, m *machine) {
			touched, touch := map[string]bool{}, f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				touched[id] = true
				return touch(ctx, id, s)
			}
			m.dated = func(time.Duration) {
				for id := range touched {
					m.remove(id)
				}
			}
		}),
	},
	{
		Name:   "after a jump of the date each set fails",
		Breaks: []*contract.Requirement{contract.CalendarDateAhead},
		subject: alone(func(f *faulty, m *machine) {
			jumped, set := false, f.set
			m.dated = func(time.Duration) { jumped = true }
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if jumped {
					return errors.New("the clock is wrong")
				}
				return set(ctx, id, s)
			}
		}),
	},
}

// unusualAlone are stores that bear in their own way what is done to the machine that they live on.
func unusualAlone() []Unusual {
	return []Unusual{
		unusual("alone, and removes nothing", "what has ended is never found, and somebody else may remove it", alone(func(*faulty, *machine) {})),
		unusual("alone, and removes ten a sweep", "a sweep of many rows would hold up others",
			alone(func(_ *faulty, m *machine) { m.advanced = func(time.Duration) { m.removeSome(10) } })),
		unusual("alone, and sweeps each month", "by an interval that is as long as timers of Node can be",
			alone(func(_ *faulty, m *machine) {
				m.every(24*day, m.sweep)
			})),
		unusual("alone, and removes what ended a day ago", "for a look at what was there",
			alone(func(_ *faulty, m *machine) {
				m.advanced = func(time.Duration) {
					m.removeWhere(func(r tableRow) bool { return !r.expires.IsZero() && r.expires.Add(day).Before(m.clock.Now()) })
				}
			})),
		unusual("alone, and connects again at a call", "which takes a moment",
			alone(func(f *faulty, m *machine) {
				connected := true
				m.dropped = func() { connected = false }
				beforeEachCall(f, func(context.Context) error {
					if !connected {
						time.Sleep(50 * time.Millisecond)
					}
					connected = true
					return nil
				})
			})),
		unusual("alone, and counts lives by a clock that only goes ahead", "a date that is set does not end or prolong what timers end",
			alone(func(_ *faulty, m *machine) {
				m.keep = func(r tableRow) tableRow { return r }
				m.dated = func(by time.Duration) {
					m.mu.Lock()
					defer m.mu.Unlock()
					for id, r := range m.rows {
						if !r.expires.IsZero() {
							r.expires = r.expires.Add(by)
						}
						m.rows[id] = r
					}
				}
			})),
		unusual("alone, without touch or length", "both are optional",
			alone(func(f *faulty, m *machine) {
				f.touch, f.length = nil, nil
				m.advanced = func(time.Duration) { m.sweep() }
			})),
	}
}
