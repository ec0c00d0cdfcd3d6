//go:build !unix

package bridge

func isNotExecutable(error) bool { return false }
