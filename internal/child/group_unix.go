//go:build unix

package child

import (
	"os"
	"syscall"
)

// sendGroup sends a signal to a process group. A variable lets the tests see every signal.
var sendGroup = func(leader int, s syscall.Signal) error { return syscall.Kill(-leader, s) }

// signalGroup terminates or kills the process group that p leads. An error says that nobody was there.
func signalGroup(p *os.Process, kill bool) error {
	if kill {
		return sendGroup(p.Pid, syscall.SIGKILL)
	}
	return sendGroup(p.Pid, syscall.SIGTERM)
}
