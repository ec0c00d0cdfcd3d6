//go:build unix

package bench

import (
	"syscall"
	"time"
)

// processorTime is what the processors have spent on this process, in all its threads.
func processorTime() (spent time.Duration, known bool) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}
