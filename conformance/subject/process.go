package subject

import "github.com/storecheck/storecheck/spec"

// A Process is a store in a process that can be killed.
type Process interface {
	spec.Store
	// Kill ends the process as a crash does, with all that it has started, and returns when nothing of it is left. The calls in flight
	// return with an error.
	Kill() error
	// Close closes the store and ends the process. After Kill it does nothing.
	Close() error
}
