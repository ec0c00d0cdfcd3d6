package outage

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// outagesByKind are the outages of a run, by kind. Several checks judge each of them, each for another flaw.
var outagesByKind [kindCount]engine.Shared[*outage]

// An outage is everything that was seen of a store in one kind of outage.
type outage struct {
	kind outageKind
	// status is Pass when the outage can be judged. Otherwise reason says why it cannot.
	status contract.Status
	reason string
	calls  []string     // and the harms
	prober probe.Prober // the store; nil for one in this process

	mu     sync.Mutex
	harmed bool
	asked  []*exchange // since the first harm
	latest int         // index in asked: where the latest harm begins
	died   error       // the error with which the process died

	events       []probe.Event // since the first harm
	lost         []flaw        // sessions that are not as the calls on them left them
	stale        []flaw        // sessions that are not as another instance left them
	alone        string        // why no other instance, or why it has not made all changes
	destroyed    []*exchange   // doomed calls whose ids were destroyed after them
	idle         string        // how the store did not serve again
	disconnected string        // how no connect followed a disconnect
	late         bool          // a touch was answered too late to judge
}

// A flaw is a fault, and the id of the calls that show it; "" for all calls.
type flaw struct{ id, text string }

// outagesOf returns the outages of these kinds. Those that were not made yet are made side by side.
func outagesOf(t *engine.C, kinds []outageKind) []*outage {
	all := make([]*outage, len(kinds))
	t.Parallel(len(kinds), func(i int) error {
		all[i] = outagesByKind[kinds[i]].Observe(t, func() *outage { return newOutage(t, kinds[i]) })
		return nil
	})
	return all
}

// newOutage opens a store and makes an outage of a kind.
func newOutage(t *engine.C, k outageKind) *outage {
	o := &outage{kind: k}
	var link subject.Link
	var refuser subject.Refuser
	store, err := engine.Open(t, func(ctx context.Context) (store spec.Store, err error) {
		if k == backendRefuses {
			store, refuser, err = t.Subject().Refusing(ctx)
		} else {
			store, link, err = t.Subject().Faulty(ctx)
		}
		if err == nil && link == nil && refuser == nil {
			err = errors.Join(errors.New("no way to disturb it was returned"), engine.CloseStore(ctx, store))
		}
		return store, err
	})
	if err != nil {
		o.status, o.reason = contract.Broken, "the store could not be opened with a way to its backend that can be disturbed: "+err.Error()
		return o
	}
	v, calls := t.Suite().Standalone(t, &contract.Requirement{ID: k.String()}, store, func(own *engine.C) {
		r := &outageRun{C: own, o: o, link: link, refuser: refuser, limit: answerLimit(t), attempt: t.Attempt()}
		defer r.restore() //nolint:errcheck // before the store is closed; the outage is over
		r.run(k.harms(own))
	})
	o.status, o.reason, o.calls = v.Status, v.Reason, calls
	o.prober, _ = store.(probe.Prober)
	return o
}

// answerLimit is how long an answer may take. A store that has left calls unanswered without any harm is not waited for as long as others.
func answerLimit(t *engine.C) time.Duration {
	const least = 3 * time.Second
	return min(max(least, t.CallTimeout("get"), t.CallTimeout("set")), t.FullTimeout())
}
