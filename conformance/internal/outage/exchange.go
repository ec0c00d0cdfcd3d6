package outage

import (
	"errors"
	"io/fs"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// An exchange is a call on a store in an outage, and its answer.
type exchange struct {
	call    probe.Call
	before  *spec.Session // what was stored under the id; nil for none
	written *spec.Session // by a set: this call or an earlier one
	after   bool          // the backend was back
	mortal  bool          // its session ends soon, and a check of its own looks at it
	doomed  bool          // the id is destroyed as soon as the store serves again
	outcome probe.Outcome
	ended   time.Time // when the outcome was there
}

func (a *exchange) String() string {
	return phrase.Call(a.call) + " → " + phrase.Outcome(a.call.Method, a.outcome)
}

func (a *exchange) answered() bool { return a.outcome.Callbacks > 0 || a.outcome.Thrown != nil }

func (a *exchange) succeeded() bool {
	return a.outcome.Callbacks > 0 && a.outcome.Err(a.call.Method) == nil
}

// missing reports whether a get says that there is no session.
func (a *exchange) missing() bool {
	none := a.outcome.Value == nil || string(a.outcome.Value) == "null"
	return a.succeeded() && none || errors.Is(a.outcome.Err(a.call.Method), fs.ErrNotExist)
}

// shows reports whether a get answers with this session. It is false for nil.
func (a *exchange) shows(t *engine.C, want *spec.Session) bool {
	if want == nil || !a.succeeded() || a.missing() {
		return false
	}
	got, err := spec.ParseSession(a.outcome.Value)
	return err == nil && compare.Data(want, got, t.Subject().AddedKeys) == ""
}

// strange reports whether a get answers with a session that was never set under its id.
func (a *exchange) strange(t *engine.C) bool {
	return a.call.Method == "get" && a.succeeded() && !a.missing() && !a.shows(t, a.before) && !a.shows(t, a.written)
}

// failed reports whether the call failed although the backend was only slow. Calls of all and length, which have no id, do not count: a store
// may have to ask the backend many times for them.
func (a *exchange) failed(t *engine.C) bool {
	return !a.after && a.call.ID != "" && (!a.succeeded() || a.call.Method == "get" && !a.shows(t, a.before))
}

// leaves returns the sessions that may be stored under the id after the call, and whether there may be none. A call that was not acknowledged
// may have been carried out.
func (a *exchange) leaves() (sessions []*spec.Session, missing bool) {
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
