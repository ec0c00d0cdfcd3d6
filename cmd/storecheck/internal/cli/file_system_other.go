//go:build !linux

package cli

// fileSystem is empty: it is not known here.
func fileSystem(string) string { return "" }
