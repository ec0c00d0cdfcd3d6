//go:build linux || darwin

package machine

import (
	"errors"
	"math"

	"golang.org/x/sys/unix"
)

// space returns how many bytes are free in a folder.
func space(folder string) (bytes uint64, known bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true //nolint:gosec // a size is not negative
}

// filesLimit returns how many files this process may have open. The runtime of Go has raised the limit as far as it may.
func filesLimit() (limit uint64, known bool) {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return 0, false
	}
	return min(l.Cur, math.MaxInt64), true
}

func isFilesLimit(err error) bool { return errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) }
