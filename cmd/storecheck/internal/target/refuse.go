package target

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
)

// refusing opens a store in its own process and its own place. The store reaches the server through a proxy that can answer its writes with
// errors.
func (h *host) refusing(ctx context.Context) (spec.Store, subject.Refuser, error) {
	params, err := h.disturbed()
	if err != nil {
		return nil, nil, err
	}
	o, err := h.apartFrom(ctx, params)
	if err != nil {
		return nil, nil, err
	}
	proxy, address, err := o.backing.RefusingProxy()
	if err != nil {
		return nil, nil, err
	}
	params.Backend = &bridge.Backend{URL: address}
	store, err := h.openBy(ctx, o.command, params)
	if err != nil {
		return nil, nil, errors.Join(err, proxy.Close())
	}
	return proxied{store, proxy}, proxy, nil
}

// limited opens a store in its own process and its own place. The system can refuse what the process writes to files.
func (h *host) limited(ctx context.Context) (spec.Store, subject.Refuser, error) {
	params, err := h.disturbed()
	if err != nil {
		return nil, nil, err
	}
	o, err := h.apartFrom(ctx, params)
	if err != nil {
		return nil, nil, err
	}
	store, err := h.openBy(ctx, o.command, o.params)
	if err != nil {
		return nil, nil, err
	}
	return store, store.Process, nil
}

// disturbed returns the parameters of an instance with a place of its own, which the suite does not watch.
func (h *host) disturbed() (bridge.OpenParams, error) {
	params := h.params
	place, err := h.placeBelow(filepath.Join(h.dir, "disturbed"))
	params.Namespace, params.Dir = place.Namespace, place.Dir
	return params, err
}

var _ subject.Refuser = (*backend.Proxy)(nil)
