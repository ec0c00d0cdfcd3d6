//go:build !linux

package filestore

// newDirect returns the ordinary folder: there is no other way here.
func newDirect(p portable, _ bool) (folder, error) { return p, nil }
