//go:build unix

package child

import "syscall"

// Stop stops the group of the process, as a machine does that sleeps, until Continue.
func (p *Process) Stop() error { return p.send(syscall.SIGSTOP) }

// Continue lets a process go on that was stopped.
func (p *Process) Continue() error { return p.send(syscall.SIGCONT) }

func (p *Process) send(s syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped {
		return nil // it is gone, and its calls tell of that
	}
	return signalGroup(p.cmd.Process, s)
}
