package chapters

import (
	"context"
	"fmt"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// breakBackend makes the backend of an instance fail.
func breakBackend(i *engine.Instance) {
	i.C().Log("the backend of %sfails from here on", i.Name())
	err := engine.Bounded(i.C(), func(ctx context.Context) error { return i.C().Subject().Break(ctx, i.Store()) })
	if err != nil {
		i.C().Broken(fmt.Errorf("the subject's Break: %w", err))
	}
}
