//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package filestore

import "os"

// Here are no locks between processes: one directory is for one process.

func tryLockFile(*os.File) (bool, error) { return true, nil }
func waitLockFile(*os.File) error        { return nil }
func unlockFile(*os.File) error          { return nil }
func isUnlinked(*os.File) bool           { return false }

const nonblock = 0

var transientErrors []error
