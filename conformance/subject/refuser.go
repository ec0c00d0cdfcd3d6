package subject

import "context"

// A Refuser is the backend of a store, which can be made to answer writes with errors. Reads work on.
type Refuser interface {
	// RefuseWrites makes the backend answer what needs room with an error, as one does that is full. With everything it refuses every other
	// change too, as a read-only replica does. A backend that cannot be made so answers with errors.ErrUnsupported.
	RefuseWrites(ctx context.Context, everything bool) error
	// AllowWrites ends that. An error is trouble of the harness.
	AllowWrites(ctx context.Context) error
}
