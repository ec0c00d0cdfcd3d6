package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// breakBackend makes the backend of an instance fail.
func breakBackend(i *engine.Instance) {
	i.C().Log("the backend of %sfails from here on", i.Name())
	if err := i.C().Subject().Break(i.C(), i.Store()); err != nil {
		i.C().Broken(err)
	}
}
