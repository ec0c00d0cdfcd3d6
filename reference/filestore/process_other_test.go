//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package filestore_test

import (
	"errors"
	"io"
	"testing"
)

func lockAll(t *testing.T, _ string) (release func()) {
	t.Skip("a lock that another process holds is tried on Unix")
	return nil
}

func childFiles(job, io.Reader, io.Writer) error { return errors.ErrUnsupported }
