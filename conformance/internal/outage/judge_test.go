package outage

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// The verdicts of the checks follow from the calls and events of an outage.
func TestFaultsJudge(t *testing.T) {
	late := func(method, id string) probe.Event { return probe.Event{Kind: "lateCallback", Method: method, ID: id} }
	call := func(method, id string, callbacks int) *exchange {
		return &exchange{call: probe.Call{Method: method, ID: id}, outcome: probe.Outcome{Callbacks: callbacks, TimedOut: callbacks == 0}}
	}
	for _, c := range []struct {
		name   string
		check  func(*engine.C)
		asked  []*exchange
		events []probe.Event
		want   string // in the failure; "" for none
	}{
		{"answered late", faultsAnsweredOnce, []*exchange{call("get", "a", 0)}, []probe.Event{late("get", "a")}, ""},
		{"answered in time and late", faultsAnsweredOnce, []*exchange{call("get", "a", 1)}, []probe.Event{late("get", "a")}, "second time"},
		{"answered late twice", faultsAnsweredOnce, []*exchange{call("get", "a", 0)}, []probe.Event{late("get", "a"), late("get", "a")}, "second time"},
		{"two of a kind answered late", faultsAnsweredOnce, []*exchange{call("all", "", 0), call("all", "", 0)}, []probe.Event{late("all", ""), late("all", "")}, ""},
		{"the first of a kind answered late", faultsAnsweredOnce, []*exchange{call("all", "", 0), call("all", "", 1)}, []probe.Event{late("all", "")}, ""},
		{"a set that is never answered", faultsSlow, []*exchange{call("set", "a", 0)}, nil, "never called back"},
		{"a length that is never answered", faultsSlow, []*exchange{call("length", "", 0)}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := suiteOf(disturbable).NewC(t.Context(), contract.FaultsSlow, nil, 0)
			for k := range kindCount {
				o := &outage{kind: k, status: contract.Pass}
				if k == backendSlow {
					o.asked, o.events = c.asked, c.events
				}
				outagesByKind[k].Observe(body, func() *outage { return o })
			}
			v := body.Judge(c.check)
			if failed := v.Status == contract.Fail; failed != (c.want != "") || !strings.Contains(v.Message, c.want) {
				t.Errorf("%s %q, want %q", v.Status, v.Message, c.want)
			}
		})
	}
}

// Flaws in one kind of outage count, whatever another kind could not show.
func TestFaultsJudgeEachKind(t *testing.T) {
	lost := &outage{status: contract.Pass, lost: []flaw{{"a", "set(a) → ok, and in the end get → missing"}}}
	unready, broken := &outage{status: contract.Skip, reason: "sets nothing"}, &outage{status: contract.Broken, reason: "no way in"}
	sound := &outage{status: contract.Pass}
	for _, c := range []struct {
		name      string
		slow, cut *outage
		want      contract.Status
		text      string
	}{
		{"lost, then nothing to see", lost, unready, contract.Fail, "in the end get"},
		{"nothing to see, then lost", unready, lost, contract.Fail, "in the end get"},
		{"lost, then trouble", lost, broken, contract.Fail, "in the end get"},
		{"sound, then trouble", sound, broken, contract.Broken, "backend cut off: no way in"},
		{"sound, then nothing to see", sound, unready, contract.Skip, "sets nothing"},
		{"nothing to see, then trouble", unready, broken, contract.Broken, "no way in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := suiteOf(disturbable).NewC(t.Context(), contract.FaultsAcknowledged, nil, 0)
			for k := range kindCount {
				o := outage{kind: k, status: contract.Pass}
				from := map[outageKind]*outage{backendSlow: c.slow, backendCut: c.cut}[k]
				if from != nil {
					o.status, o.reason, o.lost = from.status, from.reason, from.lost
				}
				outagesByKind[k].Observe(body, func() *outage { return &o })
			}
			if v := body.Judge(faultsAcknowledged); v.Status != c.want || !strings.Contains(v.Message+v.Reason, c.text) {
				t.Errorf("%s %s%s, want %s with %q", v.Status, v.Message, v.Reason, c.want, c.text)
			}
		})
	}
}

// timid is a store whose gets take a while, and find nothing at first.
type timid struct {
	spec.Store
	takes   time.Duration
	missing int // how often
	session *spec.Session
}

func (s *timid) Get(context.Context, string) (*spec.Session, error) {
	time.Sleep(s.takes)
	if s.missing--; s.missing >= 0 {
		return nil, nil
	}
	return s.session, nil
}

// A fault after an outage is held against a store when it lasts for the time of an answer, and shows in ten answers at least: on a busy
// machine there are few answers in that time.
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
			store := &timid{takes: c.takes, missing: c.missing}
			body := suiteOf(disturbable).NewC(t.Context(), contract.FaultsAcknowledged, store, 0)
			session := body.Session("user", "a")
			store.session = session
			r := &outageRun{C: body, o: &outage{}, limit: limit}
			get := func() *exchange { return &exchange{call: probe.Call{Method: "get", ID: "a"}, before: session} }
			wrong := r.await(get, func(a *exchange) bool { return a.shows(r.C, session) })
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

// A set that is not answered after an outage is judged as such, and not made ten times.
func TestStoreUnanswered(t *testing.T) {
	const limit = 5 * time.Second
	synctest.Test(t, func(t *testing.T) {
		c := suiteOf(subject.Subject{}).NewC(t.Context(), contract.FaultsAnswered, silentStore{over: t.Context().Done()}, 0)
		r := &outageRun{C: c, o: &outage{harmed: true}, limit: limit}
		start := time.Now()
		if r.store("a", c.Session("user", "a")) {
			t.Error("it is stored")
		}
		if took := time.Since(start); took > 2*limit || len(r.o.asked) != 1 {
			t.Errorf("%d sets in %v", len(r.o.asked), took)
		}
	})
}

// A subject whose way to the backend cannot be opened gets no verdict, whatever it does instead.
func TestFaultyGivesWay(t *testing.T) {
	for want, faulty := range map[string]func() (spec.Store, subject.Link, error){
		"panic: oh":         func() (spec.Store, subject.Link, error) { panic("oh") },
		"no way to disturb": func() (spec.Store, subject.Link, error) { return silentStore{}, nil, nil },
	} {
		suite := suiteOf(subject.Subject{Faulty: func(context.Context) (spec.Store, subject.Link, error) { return faulty() }})
		o := newOutage(suite.NewC(t.Context(), contract.FaultsAnswered, nil, 0), backendGone)
		if o.status != contract.Broken || !strings.Contains(o.reason, want) {
			t.Errorf("%s %q, want %q", o.status, o.reason, want)
		}
	}
}

// disturbable is a subject whose outages are made up.
var disturbable = subject.Subject{Faulty: func(context.Context) (spec.Store, subject.Link, error) {
	return nil, nil, errors.New("there is none")
}}

// suiteOf returns the suite of a subject.
func suiteOf(s subject.Subject) *engine.Suite {
	s.Name = "a store"
	s.Open = func(context.Context) (spec.Store, error) { return nil, errors.New("there is none") }
	return engine.New(s, engine.Settings{Depth: subject.Normal, CallTimeout: time.Second}, nil)
}
