//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package child

import (
	"errors"
	"syscall"
)

// awaitEnd waits for the end of a child without reaping it. It reports false where that is not possible.
func awaitEnd(pid int) bool {
	queue, err := syscall.Kqueue()
	if err != nil {
		return false
	}
	defer syscall.Close(queue) //nolint:errcheck // nothing was written
	syscall.CloseOnExec(queue)
	end := make([]syscall.Kevent_t, 1)
	syscall.SetKevent(&end[0], pid, syscall.EVFILT_PROC, syscall.EV_ADD|syscall.EV_ONESHOT)
	end[0].Fflags = syscall.NOTE_EXIT
	for wanted := end; ; wanted = nil {
		n, err := syscall.Kevent(queue, wanted, end, nil)
		switch {
		case errors.Is(err, syscall.ESRCH): // it had ended before
			return true
		case err != nil && !errors.Is(err, syscall.EINTR):
			return false
		case n > 0:
			return end[0].Flags&syscall.EV_ERROR == 0 || syscall.Errno(end[0].Data) == syscall.ESRCH
		}
	}
}
