package outage

import (
	"fmt"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// A touchPair are two touches of sessions that end soon, which make them live for an hour. One is made before the harm and shows that touch works;
// the other meets the harm.
type touchPair struct{ before, during *exchange }

// planTouches returns the touches that meet a harm. There are none where there is nothing to touch.
func (r *outageRun) planTouches(h harm) (pairs []touchPair) {
	if !h.refuses || !r.Capabilities().Touch {
		return nil
	}
	for range tellingCalls {
		pairs = append(pairs, touchPair{r.newTouch(), r.newTouch()})
	}
	return pairs
}

func (r *outageRun) newTouch() *exchange {
	return &exchange{call: probe.Call{Method: "touch", ID: r.ID()}, mortal: true}
}

// soon is the time that a session has which ends soon: enough to be set and touched, and more after an attempt in which it was not.
func (r *outageRun) soon() time.Duration {
	return (1500*time.Millisecond + 2*r.Granularity()) << r.attempt
}

// prepareTouches sets the sessions and makes the touch that comes before the harm.
func (r *outageRun) prepareTouches(before, during *exchange) bool {
	for _, a := range []*exchange{before, during} {
		a.before = r.sessionFor(r.soon())
		longer := a.before.Clone()
		longer.Cookie.SetMaxAge(r.ProcessNow(), time.Hour)
		a.call.Session = longer.JSON()
		if !r.store(a.call.ID, a.before) {
			return false
		}
	}
	before.after = true // it meets no harm
	r.ask(before, r.limit)
	return r.lives()
}

// sessionFor returns a session that lives for d from now.
func (r *outageRun) sessionFor(d time.Duration) *spec.Session {
	cookie := spec.NewCookie()
	cookie.SetMaxAge(r.ProcessNow(), d)
	return r.SessionWith(cookie, "user", r.Tag(), "text", r.longerThanABlock())
}

// longerThanABlock returns a text that needs more than one block of a disk, also when it is compressed: a disk that is almost full takes its
// beginning.
func (r *outageRun) longerThanABlock() string {
	const tags = 600
	var b strings.Builder
	for range tags {
		b.WriteString(r.Tag())
	}
	return b.String()
}

// lookAtTouches looks at all touches, when everything else is seen.
func (r *outageRun) lookAtTouches() {
	for _, pair := range r.touches {
		r.lookAtTouch(pair.before, pair.during)
	}
}

// lookAtTouch looks whether the touch that was acknowledged while the backend refused writes has prolonged its session. It judges nothing when
// the touch before the harm has not done so either. An answer that came too late tells nothing.
func (r *outageRun) lookAtTouch(before, during *exchange) {
	if !r.lives() || !before.succeeded() || !during.succeeded() {
		return
	}
	end, _ := during.before.Cookie.Expires()
	if !during.ended.Before(end.Add(-r.Granularity())) {
		r.o.late = true
		return
	}
	r.Pause(end.Add(r.Granularity() + engine.Slack).Sub(r.ProcessNow()))
	get := func(a *exchange) *exchange {
		found := &exchange{call: probe.Call{Method: "get", ID: a.call.ID}, before: a.before, after: true, mortal: true}
		r.ask(found, r.limit)
		return found
	}
	if !get(before).shows(r.C, before.before) {
		return
	}
	if found := get(during); found.missing() {
		r.o.lost = append(r.o.lost, flaw{during.call.ID, fmt.Sprintf("%s, and when the old life was over get → %s",
			during, phrase.Outcome("get", found.outcome))})
	}
}
