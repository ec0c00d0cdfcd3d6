package chapters

import (
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// timeZones are behind UTC, by an odd half hour, and ahead of it. At least one differs from the zone of a server, whatever that is.
var timeZones = []string{"America/St_Johns", "Pacific/Kiritimati"}

const (
	// A life in zones is so short that a store that is wrong by half an hour in either direction shows at once that it is over, or never ends it.
	zoneLife = 20 * time.Minute
	// What get shows of an end is no zone's difference from what it is.
	zoneTolerance = 10 * time.Minute
)

func instancesTimeZones(t *engine.C) {
	t.SkipUnlessHas(contract.NeedZones) // where the check runs apart nobody else asks
	if s := t.Subject(); !s.Shared && !s.Durable {
		t.Skip("the store is declared neither shared nor durable: no other process can see what one has stored")
	}
	z := &zones{t: t, open: map[string]*engine.Instance{}}
	for n, zone := range timeZones {
		z.visit(zone, func(i *engine.Instance) {
			t.SetCapabilities(spec.CapabilitiesOf(i.Store()))
			z.expectFound(i)
			if n > 0 && t.Capabilities().Touch {
				z.touch(i, n-1)
			}
			z.set(i)
			z.expectFound(i)
		})
	}
	z.waitForEnds()
	for _, zone := range timeZones {
		z.visit(zone, func(i *engine.Instance) {
			z.expectFound(i)
			z.expectOver(i)
		})
	}
	z.expectListed()
}

// zones are instances in processes of different time zones. All of their times are the system's: those processes know no other clock.
type zones struct {
	t    *engine.C
	open map[string]*engine.Instance
	// long and short are the sessions that were set, two in each zone. The short ones are over at the end of the check.
	long, short []life
	shown       []bool     // whether the zone that has set a session shows when it ends
	listed      [][]string // the markers that all has shown in each zone
}

// visit does something with the instance in a zone. A store that is not shared is open only so long.
func (z *zones) visit(zone string, do func(*engine.Instance)) {
	i := z.open[zone]
	if i == nil {
		i = z.t.OpenInZone(zone)
		z.open[zone] = i
	}
	do(i)
	if !z.t.Subject().Shared {
		i.Close()
		delete(z.open, zone)
	}
}

// set sets a long and a short session.
func (z *zones) set(i *engine.Instance) {
	long := newLifeAs(i, z.t.ID(), z.session(zoneLife))
	z.long = append(z.long, long)
	z.shown = append(z.shown, z.shows(i.Get(long.id), long))
	z.short = append(z.short, newLifeAs(i, z.t.ID(), z.session(shortestLife(z.t))))
}

func (z *zones) session(d time.Duration) *spec.Session {
	cookie := spec.NewCookie()
	cookie.SetMaxAge(z.t.ProcessNow(), d)
	return z.t.SessionWith(cookie, engine.Marker, z.t.Tag())
}

// touch prolongs the sessions that were set in another zone. The short one may be over by then.
func (z *zones) touch(i *engine.Instance, of int) {
	prolong := func(l life, d time.Duration) (life, error) {
		l.session = l.session.Clone()
		l.session.Cookie.SetMaxAge(z.t.ProcessNow(), d)
		l.expires, _ = l.session.Cookie.Expires()
		start := time.Now()
		err := i.TryTouch(l.id, l.session)
		l.took = time.Since(start)
		return l, err
	}
	long, err := prolong(z.long[of], zoneLife+time.Minute)
	z.t.MustSucceed("touch", err)
	z.long[of] = long
	if short, err := prolong(z.short[of], shortestLife(z.t)); err == nil {
		z.short[of] = short
	}
}

// shows reports whether a session shows about when it ends.
func (z *zones) shows(got *spec.Session, l life) bool {
	if got == nil {
		return false
	}
	end, ok := got.Cookie.Expires()
	return ok && end.Sub(l.expires).Abs() < zoneTolerance
}

// expectFound looks for the sessions that were set so far and are not over.
func (z *zones) expectFound(i *engine.Instance) {
	t := z.t
	found, errs := getTogether(t, len(z.long), func(n int) (*spec.Session, error) { return i.TryGet(z.long[n].id) })
	for n, l := range z.long {
		t.ShowCallsAbout(l.id)
		t.MustSucceed("get", errs[n])
		expectData(t, found[n], l.session)
		if z.shown[n] && !z.shows(found[n], l) {
			t.Fail("wanted    expires %s, as in the time zone in which it was set\ngot       %s", l.expires.UTC().Format(time.RFC3339), phrase.Session(found[n]))
		}
	}
	t.ShowCallsAbout("")
	if all, err := z.tryAll(i); err == nil && len(z.long) == len(timeZones) {
		z.listed = append(z.listed, all)
	}
}

// tryAll returns the markers of the sessions that all lists. Other requirements judge an error.
func (z *zones) tryAll(i *engine.Instance) (markers []string, err error) {
	if !z.t.Capabilities().All {
		return nil, nil
	}
	all, err := i.TryAll()
	for _, s := range all {
		if s != nil {
			marker, _ := s.Raw(engine.Marker)
			markers = append(markers, string(marker))
		}
	}
	return markers, err
}

// waitForEnds waits until all short sessions must be missing.
func (z *zones) waitForEnds() {
	var over time.Time
	for _, l := range z.short {
		if end := l.expires.Add(z.t.Granularity() + engine.Slack + l.took); end.After(over) {
			over = end
		}
	}
	if d := over.Sub(z.t.ProcessNow()); d > 0 {
		z.t.Log("… %s later …", phrase.Milliseconds(d))
		z.t.Pause(d)
	}
}

// expectOver looks for the short sessions after their ends.
func (z *zones) expectOver(i *engine.Instance) {
	t := z.t
	if !t.JudgesEnds() {
		return
	}
	found, errs := getTogether(t, len(z.short), func(n int) (*spec.Session, error) { return i.TryFind(z.short[n].id) })
	for n, l := range z.short {
		t.ShowCallsAbout(l.id)
		t.MustSucceed("get", errs[n])
		t.Expect(found[n]).To(compare.BeMissing())
	}
	t.ShowCallsAbout("")
}

// expectListed fails the check when all lists a session in one zone and not in another.
func (z *zones) expectListed() {
	for _, l := range z.long {
		marker, _ := l.session.Raw(engine.Marker)
		has := func(list []string) bool { return slices.Contains(list, string(marker)) }
		lacks := func(list []string) bool { return !has(list) }
		if slices.ContainsFunc(z.listed, has) && slices.ContainsFunc(z.listed, lacks) {
			z.t.Fail("wanted    all to list %s in every time zone\ngot       lists without it", phrase.Session(l.session))
		}
	}
}
