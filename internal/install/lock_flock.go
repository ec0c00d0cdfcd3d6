//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package install

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// lockExcludes tells whether lock keeps other processes out.
const lockExcludes = true

// lock takes an exclusive lock on the file and calls waiting if it is held by someone else. The kernel drops the lock
// of a process that dies. The file stays: removing it would let two processes hold locks on two files of one name.
func lock(ctx context.Context, path string, waiting func()) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, notWritable(err)
	}
	// flock can only block without regard to ctx or ask at once, so ask again and again.
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for first := true; ; first = false {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			_ = f.Close()
			return nil, &os.PathError{Op: "lock", Path: path, Err: err}
		}
		if first {
			waiting()
		}
		select {
		case <-ctx.Done():
			_ = f.Close()
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}
