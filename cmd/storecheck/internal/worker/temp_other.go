//go:build !linux

package worker

func inMemory() string { return "" }
