//go:build !linux && !darwin && !dragonfly && !freebsd && !netbsd && !openbsd

package child

// awaitEnd reports that this system cannot wait for the end of a child without reaping it.
func awaitEnd(int) bool { return false }
