package child

import (
	"fmt"
	"syscall"
	"time"
)

const (
	// killWait is how long a killed process may take to be gone. Only one that the kernel holds back takes so long.
	killWait = 5 * time.Second
	// drainTime is how long output may still come when everything has ended that is known to write it.
	drainTime = time.Second
	// sweepStep is the pause between two looks at the descendants: no event tells the end of a process that is not one's child.
	sweepStep = 10 * time.Millisecond
)

// Terminate asks the program and its group to end, where that is possible, and kills them elsewhere. It does not wait.
// Descendants that outlive the program are then killed at once.
func (p *Process) Terminate() { p.order(p.farewell) }

// Kill kills the program and its group. It does not wait. Other descendants are killed as soon as the program has ended.
func (p *Process) Kill() { p.order(syscall.SIGKILL) }

// Ordered reports whether Kill or Terminate was called.
func (p *Process) Ordered() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ordered
}

// End kills the program and its descendants. Afterwards no process, goroutine or file of it is left, except In and Out. The error says that the
// program could not be killed.
func (p *Process) End() error {
	p.Kill()
	select {
	case <-p.exited:
	case <-time.After(killWait):
		closeAll(p.outputs)
		return fmt.Errorf("process %d could not be killed", p.Pid())
	}
	<-p.done
	<-p.silent
	return nil
}

// order sends the group a signal, unless its number may belong to another group.
func (p *Process) order(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ordered {
		p.ordered = true
		close(p.told)
	}
	if !p.reaped {
		_ = signalGroup(p.cmd.Process, s)
	}
}

// awaitLeave gives the descendants time to end by themselves, unless they were ordered to. They have ended when nobody holds the output or
// carries the mark.
func (p *Process) awaitLeave() {
	over := time.NewTimer(p.leave)
	defer over.Stop()
	select {
	case <-p.silent:
	case <-p.told:
		return
	case <-over.C:
		return
	}
	for len(marked(p.mark)) > 0 {
		select {
		case <-time.After(sweepStep):
		case <-p.told:
			return
		case <-over.C:
			return
		}
	}
}
