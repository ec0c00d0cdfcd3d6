package conformance

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// What the checks of the chapter say follows from what was seen in an outage.
func TestFaultsJudge(t *testing.T) {
	late := func(method, id string) probe.Event { return probe.Event{Kind: "lateCallback", Method: method, ID: id} }
	call := func(method, id string, callbacks int) *asked {
		return &asked{call: probe.Call{Method: method, ID: id}, outcome: probe.Outcome{Callbacks: callbacks, TimedOut: callbacks == 0}}
	}
	for _, c := range []struct {
		name   string
		check  func(*C)
		asked  []*asked
		events []probe.Event
		want   string // in the failure; "" for none
	}{
		{"answered late", faultsAnsweredOnce, []*asked{call("get", "a", 0)}, []probe.Event{late("get", "a")}, ""},
		{"answered in time and late", faultsAnsweredOnce, []*asked{call("get", "a", 1)}, []probe.Event{late("get", "a")}, "second time"},
		{"answered late twice", faultsAnsweredOnce, []*asked{call("get", "a", 0)}, []probe.Event{late("get", "a"), late("get", "a")}, "second time"},
		{"two of a kind answered late", faultsAnsweredOnce, []*asked{call("all", "", 0), call("all", "", 0)}, []probe.Event{late("all", ""), late("all", "")}, ""},
		{"the first of a kind answered late", faultsAnsweredOnce, []*asked{call("all", "", 0), call("all", "", 1)}, []probe.Event{late("all", "")}, ""},
		{"a set that is never answered", faultsSlow, []*asked{call("set", "a", 0)}, nil, "never called back"},
		{"a length that is never answered", faultsSlow, []*asked{call("length", "", 0)}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &suite{options: Options{Depth: Normal}}
			for d := range disturbances {
				o := &s.outages[d]
				o.kind, o.status = d, contract.Pass
				o.once.Do(func() {})
			}
			s.outages[slow].asked, s.outages[slow].events = c.asked, c.events
			status, _, message := newC(t.Context(), s, check{requirement: contract.FaultsSlow}, 0, 0, nil).judge(c.check)
			if failed := status == contract.Fail; failed != (c.want != "") || !strings.Contains(message, c.want) {
				t.Errorf("%s %q, want %q", status, message, c.want)
			}
		})
	}
}

// timid is a store of which each get takes a while, and finds nothing at first.
type timid struct {
	spec.Store
	takes   time.Duration
	missing int // so many times
	session *spec.Session
}

func (s *timid) Get(context.Context, string) (*spec.Session, error) {
	time.Sleep(s.takes)
	if s.missing--; s.missing >= 0 {
		return nil, nil
	}
	return s.session, nil
}

// What is wrong after an outage is held against a store when it is so for the time of an answer, and in ten answers at least: on a machine
// that is late there are few in that time.
func TestAwait(t *testing.T) {
	const limit = 5 * time.Second
	for _, c := range []struct {
		takes   time.Duration
		missing int
		wrong   bool
	}{
		{time.Millisecond, 0, false},
		{time.Millisecond, 9, false},
		{time.Millisecond, 1000, true},
		{4 * time.Second, 9, false},
		{4 * time.Second, 10, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			c1 := newC(t.Context(), &suite{}, check{requirement: contract.FaultsAcknowledged}, 0, 0, nil)
			session := c1.Session("user", "a")
			c1.store = &timid{takes: c.takes, missing: c.missing, session: session}
			r := &disturber{C: c1, o: &outage{}, limit: limit}
			get := func() *asked { return &asked{call: probe.Call{Method: "get", ID: "a"}, before: session} }
			wrong := r.await(get, func(a *asked) bool { return a.shows(r.C, session) })
			if (wrong != nil) != c.wrong {
				t.Errorf("missing %d times, after %v each: wrong %t", c.missing, c.takes, wrong != nil)
			}
		})
	}
}

// silentStore is a store whose sets are never answered.
type silentStore struct {
	spec.Store
	over <-chan struct{} // ends them, which no context does
}

func (s silentStore) Set(context.Context, string, *spec.Session) error {
	<-s.over
	return nil
}

// A set that is not answered after an outage is judged as such, and not waited for ten times.
func TestStoreUnanswered(t *testing.T) {
	const limit = 5 * time.Second
	synctest.Test(t, func(t *testing.T) {
		c := newC(t.Context(), &suite{}, check{requirement: contract.FaultsAnswered}, 0, 0, silentStore{over: t.Context().Done()})
		r := &disturber{C: c, o: &outage{harmed: true}, limit: limit}
		start := time.Now()
		if r.store("a", c.Session("user", "a")) {
			t.Error("it is stored")
		}
		if took := time.Since(start); took > 2*limit || len(r.o.asked) != 1 {
			t.Errorf("%d sets in %v", len(r.o.asked), took)
		}
	})
}

// A subject whose way to the backend cannot be opened is a reason for no verdict, whatever it does instead.
func TestFaultyGivesWay(t *testing.T) {
	for want, faulty := range map[string]func() (spec.Store, Link, error){
		"panic: oh":         func() (spec.Store, Link, error) { panic("oh") },
		"no way to disturb": func() (spec.Store, Link, error) { return silentStore{}, nil, nil },
	} {
		s := &suite{subject: Subject{Faulty: func(context.Context) (spec.Store, Link, error) { return faulty() }}}
		o := &s.outages[gone]
		o.make(newC(t.Context(), s, check{requirement: contract.FaultsAnswered}, 0, 0, nil), gone)
		if o.status != contract.Broken || !strings.Contains(o.reason, want) {
			t.Errorf("%s %q, want %q", o.status, o.reason, want)
		}
	}
}
