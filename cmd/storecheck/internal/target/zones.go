package target

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/storecheck/storecheck/spec"
)

// zones returns a function that opens the store in a process of its own that lives in a time zone. All these processes share a place of their
// own: a store that is mistaken about the time does no harm to the sessions of others.
func (h *host) zones() (func(context.Context, string) (spec.Store, error), error) {
	params := h.params
	place, err := h.placeBelow(filepath.Join(h.dir, "zones"))
	params.Namespace, params.Dir = place.Namespace, place.Dir
	return func(ctx context.Context, zone string) (spec.Store, error) {
		o, err := h.apartFrom(ctx, params)
		if err != nil {
			return nil, err
		}
		o.command.Env = append(slices.Clone(o.command.Env), "TZ="+zone)
		return h.openBy(ctx, o.command, o.params)
	}, err
}
