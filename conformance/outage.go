package conformance

import (
	"errors"
	"io/fs"
	"slices"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// A harm is what is done to the way between a store and its backend, and for how long.
type harm struct {
	name  string // a sentence
	begin func(Link)
	lasts time.Duration // zero: until the calls that met its beginning are answered
	// last, where there is one, is done just before the backend is back.
	last func(Link)
	// forGood: as far as the calls can tell. The backend is back when they are answered or given up, not before.
	forGood bool
	// gets are how many calls of get meet it, and no others; zero: a call of each kind does.
	gets int
	// late: what the backend has not said yet it says in the end, also to those who have given it up.
	late bool
}

// loses reports whether nothing that was said meanwhile reaches the backend, not even later: what fails then, and comes back after a destroy,
// was tried again by the store.
func (h harm) loses() bool { return h.lasts > 0 && !h.late }

// lateBy is how much slower a slow backend is.
const lateBy = 200 * time.Millisecond

var (
	slowly = harm{name: "every answer of the backend comes 200 ms later", begin: func(l Link) { l.Latency(lateBy) }}
	cut    = harm{name: "the connections are cut in the middle of an answer", begin: Link.Cut}
	cutGet = harm{name: "the connections are cut in the middle of a session", begin: Link.Cut, gets: 4}
	// Nobody else's request tells the store that the connection is gone before it has read the half of the answer.
	cutLone = harm{name: "the connections are cut in the middle of the only answer", begin: Link.Cut, gets: 1}
	refuse  = harm{name: "the backend refuses connections", begin: Link.Refuse, lasts: time.Second}
	// longer than clients wait for an answer that give one up at all
	hold = harm{name: "the backend keeps silent", begin: Link.Blackhole, lasts: 3 * time.Second, late: true}
	lose = harm{
		name:  "the backend keeps silent, until its connections are reset",
		begin: Link.Blackhole, lasts: 500 * time.Millisecond, last: Link.Refuse,
	}
)

// A disturbance is a kind of harm that is tried on a store of its own.
type disturbance int

const (
	slow disturbance = iota
	interrupted
	gone
	silent
	goneForGood
	silentForGood
	disturbances // how many there are
)

func (d disturbance) String() string {
	return [...]string{"backend slow", "backend cut off", "backend gone", "backend silent", "backend gone for good", "backend silent for good"}[d]
}

// harms are what is done, one after the other.
func (d disturbance) harms(t *C) []harm {
	all := [...][]harm{
		slow: {slowly, slowly, slowly}, interrupted: {cut, cutGet, cutLone, cut, cutGet, cutLone}, gone: {refuse}, silent: {hold, lose}, goneForGood: {refuse}, silentForGood: {hold},
	}[d]
	switch {
	case d == goneForGood || d == silentForGood:
		h := all[0]
		h.forGood = true
		return []harm{h}
	case t.suite.options.Depth != Thorough:
		return all
	}
	all = slices.Repeat(all, 6)
	for i := range all {
		if all[i].lasts > 0 {
			all[i].lasts = time.Duration(100+t.Rand.IntN(4000)) * time.Millisecond
		}
	}
	return all
}

// outages are what the checks of the chapter faults judge, each under its own aspect. Each is made once in a run, because it takes time.
type outages [disturbances]outage

// An outage is everything that was seen of a store in a disturbance.
type outage struct {
	once sync.Once
	kind disturbance
	// status is Pass where there is something to judge; otherwise the reason says why there is not.
	status contract.Status
	reason string
	calls  []string // with what was done to the way

	mu     sync.Mutex
	harmed bool
	asked  []*asked // since the first harm
	latest int      // where in asked the latest harm begins
	died   error    // what the process died of

	events       []probe.Event // since the first harm
	lost         []flaw        // what is not as the calls on it left it
	stale        []flaw        // what is not as another instance left it
	alone        string        // why another instance has not changed everything that it was to change
	buried       []*asked      // calls on ids that were destroyed when they were over
	idle         string        // how the store did not serve again
	disconnected string        // how no connect followed a disconnect
}

// A flaw is something wrong, and the id of the calls that show it; "" for all.
type flaw struct{ id, text string }

// An asked is a call on a store in an outage.
type asked struct {
	call    probe.Call
	before  *spec.Session // what was stored under the id; nil for none
	written *spec.Session // by a set, the call's own or an earlier one
	after   bool          // the backend was back
	doomed  bool          // the id is destroyed as soon as the store serves again
	outcome probe.Outcome
}

func (a *asked) String() string { return describe(a.call) + " → " + seen(a.call.Method, a.outcome) }

func (a *asked) answered() bool { return a.outcome.Callbacks > 0 || a.outcome.Thrown != nil }

func (a *asked) succeeded() bool {
	return a.outcome.Callbacks > 0 && a.outcome.Err(a.call.Method) == nil
}

// missing reports whether a get says that there is no session.
func (a *asked) missing() bool {
	none := a.outcome.Value == nil || string(a.outcome.Value) == "null"
	return a.succeeded() && none || errors.Is(a.outcome.Err(a.call.Method), fs.ErrNotExist)
}

// shows reports whether a get answers with a session, which may be nil.
func (a *asked) shows(t *C, want *spec.Session) bool {
	if want == nil || !a.succeeded() || a.missing() {
		return false
	}
	got, err := spec.ParseSession(a.outcome.Value)
	return err == nil && differData(want, got, t.suite.subject.AddedKeys) == ""
}

// strange reports whether a get answers with a session that was never set under its id.
func (a *asked) strange(t *C) bool {
	return a.call.Method == "get" && a.succeeded() && !a.missing() && !a.shows(t, a.before) && !a.shows(t, a.written)
}

// failed reports whether a backend that was only slow made the call fail. The calls without an id, all and length, are not asked: a store
// may have to ask the backend many times for them.
func (a *asked) failed(t *C) bool {
	return !a.after && a.call.ID != "" && (!a.succeeded() || a.call.Method == "get" && !a.shows(t, a.before))
}

// leaves tells what may be stored under the id when the call is over. What was not acknowledged may have happened.
func (a *asked) leaves() (sessions []*spec.Session, missing bool) {
	add := func(s *spec.Session) {
		if s == nil {
			missing = true
		} else {
			sessions = append(sessions, s)
		}
	}
	changes := a.call.Method == "set" || a.call.Method == "destroy"
	if changes {
		add(a.written)
	}
	if !changes || !a.succeeded() {
		add(a.before)
	}
	return sessions, missing
}
