package target

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// openForeign opens the separate store of a recipe, in the process of the store under test: there a check can see a shared cache or table.
func (h *host) openForeign(ctx context.Context) (spec.Store, error) {
	p, err := h.shared(ctx)
	if err != nil {
		return nil, err
	}
	params, err := h.beside(ctx, p)
	if err != nil {
		return nil, err
	}
	return p.Open(ctx, params)
}

// openForeignApart is openForeign for a package that keeps in its modules what is meant for one store.
func (h *host) openForeignApart(ctx context.Context) (spec.Store, error) {
	params := h.params
	params.Namespace += subject.ForeignSuffix
	params.Dir += subject.ForeignSuffix
	if err := os.MkdirAll(params.Dir, 0o700); err != nil {
		return nil, err
	}
	return h.openApart(ctx, params)
}

// beside returns the place whose namespace is that of the store under test with a suffix behind it. So is its folder, unless the store keeps
// namespaces apart in one.
func (h *host) beside(ctx context.Context, p *bridge.Process) (bridge.OpenParams, error) {
	params := h.params
	params.Namespace += subject.ForeignSuffix
	if h.inOneFolder(ctx, p) {
		return params, nil
	}
	params.Dir += subject.ForeignSuffix
	return params, os.MkdirAll(params.Dir, 0o700)
}

// openOwnForeign is openForeign for a target of the user's. Such a target may always use the same place. Then there is no separate store.
func (h *host) openOwnForeign(ctx context.Context) (spec.Store, error) {
	store, err := h.openBeside(ctx)
	if refused, ok := errors.AsType[*bridge.HostError](err); ok {
		return nil, noForeign("a second store, with another env.namespace and env.dir, does not open beside the first: " + refused.Error())
	}
	if err != nil {
		return nil, err
	}
	reason, err := lacksPlace(ctx, store)
	if reason != "" {
		err = noForeign(reason)
	}
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// A placed store can tell its place.
type placed interface {
	spec.Store
	io.Closer
	Place(context.Context) (place bridge.Place, known bool, err error)
}

// openBeside opens the separate store in the process of the store under test, or in its own where that process can have one store only.
func (h *host) openBeside(ctx context.Context) (placed, error) {
	p, err := h.shared(ctx)
	if err != nil {
		return nil, err
	}
	params, err := h.beside(ctx, p)
	if err != nil {
		return nil, err
	}
	store, err := p.Open(ctx, params)
	if _, refused := errors.AsType[*bridge.HostError](err); !refused {
		return store, err
	}
	return h.openApart(ctx, params)
}

// placeTime is how long a store may take to use its place: one that does not answer is not worth the wait.
const placeTime = 2 * time.Second

// lacksPlace says why a store may be no store of its own. It is empty for a store that uses its place.
func lacksPlace(ctx context.Context, s placed) (reason string, err error) {
	place, known, err := s.Place(ctx)
	if err == nil && known && !separate(place) {
		// A store may make its keys only when it is asked. The answer does not matter.
		_, _ = s.Get(probe.WithLimit(ctx, placeTime), "storecheckNeverSetsThisSessionID")
		place, _, err = s.Place(ctx)
	}
	switch {
	case err != nil || known && separate(place):
		return "", err
	case !known:
		return "the program does not tell whether a store with another namespace or dir is a store of its own (bridge/PROTOCOL.md, place)", nil
	case place.Dir:
		return "the store uses env.dir and env.backend but not env.namespace, so a second store may have the same sessions: " + useNamespace, nil
	}
	return "the store uses neither env.namespace nor env.dir, so a second store has the same sessions or no place at all: " + useNamespace, nil
}

const useNamespace = "put env.namespace and a delimiter in front of each key, as in prefix: `${env.namespace}:`, or into the name of the table; keep files below env.dir"

// separate reports whether a store with another namespace and folder is a separate store. The folder of a store with a server may be for other
// things than sessions.
func separate(p bridge.Place) bool { return p.Namespace || p.Dir && !p.Backend }

// noForeign says why there is no separate store.
type noForeign string

func (n noForeign) Error() string { return string(n) }

// Is makes the checks that need a separate store skip.
func (n noForeign) Is(target error) bool { return target == errors.ErrUnsupported }
