package target

import (
	"context"
	"maps"
	"slices"
)

// unread returns the options that nobody in the first process of the store has read. A process that has ended tells nothing any more.
func (h *host) unread(ctx context.Context) []string {
	if len(h.params.Options) == 0 {
		return nil
	}
	events, err := h.told.Events(ctx)
	if err != nil {
		return nil
	}
	left := maps.Clone(h.params.Options)
	for _, e := range events {
		if e.Kind == "option" {
			delete(left, e.Text)
		}
	}
	return slices.Sorted(maps.Keys(left))
}
