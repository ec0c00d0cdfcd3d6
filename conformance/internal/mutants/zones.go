package mutants

import (
	"context"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// zonesMutants are stores whose processes live in different time zones.
var zonesMutants = []Mutant{
	{
		Name:   "ends are written and read as local time, without the zone",
		Breaks: []*contract.Requirement{contract.InstancesTimeZones},
		subject: inZones(func(f *faulty, b *backend, offset time.Duration) {
			writesEnds(f, b, []string{"set", "touch"}, func(end time.Time) time.Time { return end.Add(offset) })
			readsEnds(f, b, func(end time.Time) time.Time { return end.Add(-offset) })
		}),
	},
	{
		Name:   "ends are written as local time, and compared with the clock of a database in UTC",
		Breaks: []*contract.Requirement{contract.InstancesTimeZones},
		subject: inZones(func(f *faulty, b *backend, offset time.Duration) {
			writesEnds(f, b, []string{"set", "touch"}, func(end time.Time) time.Time { return end.Add(offset) })
		}),
	},
	{
		Name:   "ends are written as UTC, and compared with local time",
		Breaks: []*contract.Requirement{contract.InstancesTimeZones},
		subject: inZones(func(f *faulty, b *backend, offset time.Duration) {
			readsEnds(f, b, func(end time.Time) time.Time { return end.Add(-offset) })
		}),
	},
	{
		Name:   "a touch alone writes the end as local time",
		Breaks: []*contract.Requirement{contract.InstancesTimeZones},
		subject: inZones(func(f *faulty, b *backend, offset time.Duration) {
			writesEnds(f, b, []string{"touch"}, func(end time.Time) time.Time { return end.Add(offset) })
		}),
	},
	{
		Name:   "the sweep at the opening compares ends with local time",
		Breaks: []*contract.Requirement{contract.InstancesTimeZones},
		subject: inZones(func(_ *faulty, b *backend, offset time.Duration) {
			for id, r := range b.live() {
				if r.expired(time.Now().Add(offset)) {
					b.remove(id)
				}
			}
		}),
	},
	{
		Name:   "ends are whole hours of the zone away from UTC: the half hour is lost",
		Breaks: []*contract.Requirement{contract.InstancesTimeZones},
		subject: inZones(func(f *faulty, b *backend, offset time.Duration) {
			writesEnds(f, b, []string{"set", "touch"}, func(end time.Time) time.Time { return end.Add(offset - offset.Truncate(time.Hour)) })
		}),
	},
	{
		Name:   "get shows the end in local time, as if it were UTC, in zones ahead of it",
		Breaks: []*contract.Requirement{contract.InstancesTimeZones},
		subject: inZones(func(f *faulty, b *backend, offset time.Duration) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if r, ok := b.peek(id); ok && s != nil && offset > 0 {
					s.Cookie.SetExpires(r.expires.Add(offset))
				}
				return s, err
			}
		}),
	},
	{
		Name:   "all leaves out what is over in local time",
		Breaks: []*contract.Requirement{contract.InstancesTimeZones},
		subject: inZones(func(f *faulty, b *backend, offset time.Duration) {
			f.all = func(ctx context.Context) ([]*spec.Session, error) {
				rows := b.live()
				for id, r := range rows {
					if r.expired(time.Now().Add(offset)) {
						delete(rows, id)
					}
				}
				return parseRows(f.enter(ctx), rows)
			}
		}),
	},
}

// unusualZones are stores that differ by time zone in what nobody sees.
func unusualZones() []Unusual {
	return []Unusual{
		unusual("ends are written in local time, with the offset", "2030-01-01T00:00:00+14:00 is an instant",
			inZones(func(f *faulty, b *backend, offset time.Duration) {
				zone := time.FixedZone("here", int(offset/time.Second))
				writesEnds(f, b, []string{"set", "touch"}, func(end time.Time) time.Time {
					written, err := time.Parse(time.RFC3339Nano, end.In(zone).Format(time.RFC3339Nano))
					if err != nil {
						panic(err)
					}
					return written
				})
			})),
		unusual("the zone of the process is not asked for", "the database counts the seconds that are left",
			inZones(func(f *faulty, _ *backend, _ time.Duration) { f.all, f.length = nil, nil })),
		unusual("one process at a time, in any zone", "a file with a lock",
			func(s *conformance.Subject, r *rig) {
				s.Shared = false
				inZones(func(*faulty, *backend, time.Duration) {})(s, r)
			}),
	}
}
