package chapters

import (
	"io"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// openToClose opens an instance for this check alone, and skips the check where a store cannot be closed.
func openToClose(t *engine.C) *engine.Instance {
	if _, ok := t.Store().(io.Closer); !ok {
		t.Skip("the store has no Close method")
	}
	return t.Open()
}
