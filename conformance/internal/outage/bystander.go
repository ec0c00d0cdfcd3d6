package outage

import (
	"context"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// A sharedSession is a session that the disturbed instance has read before another instance changes it.
type sharedSession struct {
	id      string
	was     *spec.Session
	is      *spec.Session // nil when it is destroyed
	changed bool          // the other instance has said so
}

// openOther opens the other instance unless it is open.
func (r *outageRun) openOther() {
	if r.other != nil || r.o.alone != "" {
		return
	}
	bypass, ok := r.link.(subject.Bypass)
	if !ok {
		r.o.alone = "the subject's links are no subject.Bypass, so there is no other instance"
		return
	}
	store, err := engine.Open(r, bypass.Open)
	if err != nil {
		r.o.alone = "no other instance could be opened: " + err.Error()
		return
	}
	r.other = r.Adopt("other", store) // closed before the link
}

// readBefore sets and reads sessions. Some are to be changed in the outage, some after it. ok is false when they could not be set.
func (r *outageRun) readBefore() (during, later []*sharedSession, ok bool) {
	// One stale session is enough, and another would be waited for as long.
	if !r.Subject().Shared || r.o.kind == backendSlow || r.o.stale != nil {
		return nil, nil, true
	}
	// By now the disturbed instance has set up its backend, so that the two do not do so at the same time.
	if r.openOther(); r.other == nil {
		return nil, nil, true
	}
	for _, list := range []*[]*sharedSession{&during, &later} {
		for _, is := range []*spec.Session{r.Session("user", r.Tag()), nil} {
			s := &sharedSession{id: r.ID(), was: r.Session("user", r.Tag()), is: is}
			if !r.store(s.id, s.was) {
				return nil, nil, false
			}
			r.ask(s.get(), r.limit)
			*list = append(*list, s)
		}
	}
	return during, later, true
}

// get returns a get of the session.
func (s *sharedSession) get() *exchange {
	return &exchange{call: probe.Call{Method: "get", ID: s.id}, before: s.was, written: s.is, after: true}
}

// change lets the other instance change sessions. A change that fails is not held against the disturbed instance.
func (r *outageRun) change(all []*sharedSession) {
	for _, s := range all {
		var err error
		for range 3 {
			if err = r.changeOne(s); err == nil || r.Err() != nil {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if s.changed = err == nil; !s.changed {
			r.o.mu.Lock()
			r.o.alone = fmt.Sprintf("the instance whose backend was never away could not change a session: %v", err)
			r.o.mu.Unlock()
		}
	}
}

// changeOne changes a session. Unlike a call of Instance, its calls teach other checks nothing about the store.
func (r *outageRun) changeOne(s *sharedSession) error {
	call := probe.Call{Method: "destroy", ID: s.id}
	if s.is != nil {
		call.Method, call.Session = "set", s.is.JSON()
	}
	ctx, cancel := awake.WithTimeout(r, r.limit)
	defer cancel()
	entry, start := r.BeginCall(r.other.Name()+phrase.Call(call)), time.Now()
	err := engine.GuardError(ctx, func(ctx context.Context) error {
		if s.is == nil {
			return r.other.Store().Destroy(ctx, s.id)
		}
		return r.other.Store().Set(ctx, s.id, s.is)
	})
	answer := "ok"
	if err != nil {
		answer = "error: " + err.Error()
	}
	entry.End(answer, time.Since(start))
	return err
}

// lookForChanges looks at sessions until they are as the other instance left them. A session is not stale when its gets are answered with
// errors.
func (r *outageRun) lookForChanges(all []*sharedSession, when string) {
	found := make([]*exchange, len(all))
	r.Parallel(len(all), func(i int) error {
		if s := all[i]; s.changed {
			found[i] = r.await(s.get, func(get *exchange) bool { return get.shows(r.C, s.is) || s.is == nil && get.missing() })
		}
		return nil
	})
	for i, s := range all {
		if get := found[i]; get != nil && get.succeeded() {
			change := "set"
			if s.is == nil {
				change = "destroyed"
			}
			text := fmt.Sprintf("what another instance has %s %s: in the end get(%s) → %s", change, when, phrase.Quote(s.id), phrase.Outcome("get", get.outcome))
			r.o.stale = append(r.o.stale, flaw{s.id, text})
		}
	}
}
