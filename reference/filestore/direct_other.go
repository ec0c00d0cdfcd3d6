//go:build !linux

package filestore

// newDirect returns nil: the ordinary way is the only one.
func newDirect(*directory, Durability, bool) (direct, error) { return nil, nil }
