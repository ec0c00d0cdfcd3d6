//go:build unix

package bridge

import (
	"errors"
	"syscall"
)

func isNotExecutable(err error) bool { return errors.Is(err, syscall.ENOEXEC) }
