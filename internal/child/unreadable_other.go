//go:build !linux

package child

// Unreadable does nothing on this system.
func Unreadable() {}
