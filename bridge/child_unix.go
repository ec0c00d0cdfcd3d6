//go:build unix

package bridge

import (
	"errors"
	"os"
	"syscall"
)

// signalGroup terminates or kills the process group that p leads.
func signalGroup(p *os.Process, kill bool) {
	signal := syscall.SIGTERM
	if kill {
		signal = syscall.SIGKILL
	}
	_ = syscall.Kill(-p.Pid, signal)
}

func isNotExecutable(err error) bool { return errors.Is(err, syscall.ENOEXEC) }
