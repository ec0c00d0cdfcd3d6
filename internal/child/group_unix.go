//go:build unix

package child

import (
	"os"
	"syscall"
)

// sendGroup sends a signal to a process group. A variable lets the tests see every signal.
var sendGroup = func(leader int, s syscall.Signal) error { return syscall.Kill(-leader, s) }

// signalGroup sends a signal to the process group that p leads. An error says that nobody was there.
func signalGroup(p *os.Process, s syscall.Signal) error { return sendGroup(p.Pid, s) }

// credential returns the account for the system, nil for the account of this process.
func (a *Account) credential() *syscall.Credential {
	if a == nil {
		return nil
	}
	return &syscall.Credential{Uid: a.User, Gid: a.Group}
}
