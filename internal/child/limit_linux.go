package child

import (
	"errors"

	"golang.org/x/sys/unix"
)

// LimitFiles lets the program make no file longer than so many bytes: it is told so when it writes, as where a disk is full. A negative size takes
// the limit away. What the program has started already is not limited.
func (p *Process) LimitFiles(size int64) error {
	var limit unix.Rlimit
	err := unix.Prlimit(p.Pid(), unix.RLIMIT_FSIZE, nil, &limit)
	if errors.Is(err, unix.ESRCH) {
		return nil // it is gone, and its calls tell of that
	}
	if err != nil {
		return err
	}
	limit.Cur = limit.Max
	if size >= 0 {
		limit.Cur = min(uint64(size), limit.Max)
	}
	return unix.Prlimit(p.Pid(), unix.RLIMIT_FSIZE, &limit, nil)
}
