package crash

import (
	"errors"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// prolongers are the kinds of calls that prolong a session.
func prolongers(t *engine.C) []string {
	if t.Capabilities().Touch {
		return []string{"set", "touch"}
	}
	return []string{"set"}
}

// prolonging returns, for each kind of call, a function that prolongs a session on an id of its own.
func (r *round) prolonging(process *engine.Instance) (all []func()) {
	for _, by := range prolongers(r.t) {
		id := r.t.ID()
		all = append(all, func() { r.prolong(process, id, by) })
	}
	return all
}

// prolong sets a session with a short life. Then it touches the session, or sets it again, so that it lives for an hour.
func (r *round) prolong(process *engine.Instance, id, by string) {
	session := func(d time.Duration) *spec.Session {
		cookie := spec.NewCookie()
		cookie.SetMaxAge(r.t.ProcessNow(), d)
		return r.t.SessionWith(cookie, engine.Marker, r.prefix+by+".")
	}
	g := r.t.Granularity()
	brief := session(time.Second + g)
	l := prolongedSession{id: id, session: brief}
	l.expires, _ = brief.Cookie.Expires()
	again := process.TrySet
	if by == "touch" {
		again = process.TryTouch
	}
	err := process.TrySet(id, brief)
	start := time.Now()
	if err == nil {
		err = again(id, session(time.Hour))
	}
	l.took = time.Since(start)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil && l.expires.Sub(r.t.ProcessNow()) > g {
		r.prolonged[by] = &l
		return
	}
	answer := "ok"
	if err != nil {
		answer = err.Error()
	}
	calls := fmt.Sprintf("set(%s, %s), and then %s with a life of an hour → %s", phrase.Quote(id), phrase.Session(brief), by, answer)
	r.unfinished = append(r.unfinished, interruptedID{id, []string{calls, "the process is killed; another opens the store"}})
}

// A prolongedSession lives by the second call alone when its first end is past.
type prolongedSession struct {
	id      string
	session *spec.Session
	expires time.Time // the first end
	took    time.Duration
}

// lookForProlonged looks for the prolonged sessions whose first end is past. It looks for all kinds at once, because a store may take its
// time to say that a session is missing.
func (c *crasher) lookForProlonged() {
	const most = 64 // of each kind
	var all []*prolongedSession
	var over []string
	for _, by := range prolongers(c.t) {
		all = append(all, c.prolonged[by][:min(len(c.prolonged[by]), most)]...)
		for _, l := range c.prolonged[by] {
			if l != nil {
				over = append(over, l.id)
			}
		}
	}
	found := make([]bool, len(all))
	errs := c.t.Parallel(len(all), func(n int) error {
		if all[n] == nil || c.t.ProcessNow().Before(all[n].expires.Add(c.t.Granularity()+engine.Slack+all[n].took)) {
			return errors.New("it says nothing")
		}
		got, err := c.process.TryGet(all[n].id)
		found[n] = got != nil
		return err
	})
	c.process.Remove(over...)
	c.beside -= len(over)
	for _, by := range prolongers(c.t) {
		n := min(len(c.prolonged[by]), most)
		c.judgeProlonged(by, all[:n], found[:n], errs[:n])
		all, found, errs = all[n:], found[n:], errs[n:]
	}
}

// judgeProlonged judges the looks for the sessions that one kind of call has prolonged.
func (c *crasher) judgeProlonged(by string, all []*prolongedSession, found []bool, errs []error) {
	if len(all) == 0 || !found[0] {
		return // the store loses it without a kill, or nobody knows whether it does
	}
	for n, l := range all {
		if found[n] || errs[n] != nil {
			continue
		}
		calls := []string{
			fmt.Sprintf("set(%s, %s) → ok", phrase.Quote(l.id), phrase.Session(l.session)),
			fmt.Sprintf("%s(%s, the same with a life of an hour) → ok", by, phrase.Quote(l.id)),
			"the process is killed; another opens the store",
			fmt.Sprintf("get(%s), after the first end → missing", phrase.Quote(l.id)),
		}
		c.find(contract.DurabilityCrashAcknowledged, calls, "wanted    of get(%s) the session, which a %s has prolonged\ngot       missing", phrase.Quote(l.id), by)
		return
	}
}
