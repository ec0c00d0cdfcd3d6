package outage

import (
	"context"
	"errors"
	"sync"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// outagesByKind are the outages of a run, by kind. Several checks judge each of them under their own aspects.
var outagesByKind [kindCount]engine.Shared[*outage]

// An outage is everything that was seen of a store while one kind of harm was done.
type outage struct {
	kind outageKind
	// status is Pass where there is something to judge; otherwise the reason says why there is not.
	status contract.Status
	reason string
	calls  []string // with what was done to the way

	mu     sync.Mutex
	harmed bool
	asked  []*exchange // since the first harm
	latest int         // where in asked the latest harm begins
	died   error       // what the process died of

	events       []probe.Event // since the first harm
	lost         []flaw        // what is not as the calls on it left it
	stale        []flaw        // what is not as another instance left it
	alone        string        // why another instance has not changed everything that it was to change
	destroyed    []*exchange   // calls on ids that were destroyed when they were over
	idle         string        // how the store did not serve again
	disconnected string        // how no connect followed a disconnect
}

// A flaw is something wrong, and the id of the calls that show it; "" for all.
type flaw struct{ id, text string }

// outagesOf returns the outages of these kinds, and makes those that were not made yet side by side.
func outagesOf(t *engine.C, kinds []outageKind) []*outage {
	all := make([]*outage, len(kinds))
	t.Parallel(len(kinds), func(i int) error {
		all[i] = outagesByKind[kinds[i]].Observe(t, func() *outage { return newOutage(t, kinds[i]) })
		return nil
	})
	return all
}

// newOutage opens a store and does harm to the way to its backend.
func newOutage(t *engine.C, k outageKind) *outage {
	o := &outage{kind: k}
	var link subject.Link
	store, err := engine.Open(t, func(ctx context.Context) (store spec.Store, err error) {
		store, link, err = t.Subject().Faulty(ctx)
		if err == nil && link == nil {
			err = errors.Join(errors.New("no way to disturb it was returned"), engine.CloseStore(ctx, store))
		}
		return store, err
	})
	if err != nil {
		o.status, o.reason = contract.Broken, "the store could not be opened with a way to its backend that can be disturbed: "+err.Error()
		return o
	}
	v, calls := t.Suite().Standalone(t, &contract.Requirement{ID: k.String()}, store, func(own *engine.C) {
		defer link.Restore() //nolint:errcheck // before the store is closed; the verdict is out
		(&outageRun{C: own, o: o, link: link, limit: own.FullTimeout()}).run(k.harms(own))
	})
	o.status, o.reason, o.calls = v.Status, v.Reason, calls
	return o
}
