package bridge

// Stop stops the process, as a machine does that sleeps: it does nothing, and answers nothing, until Continue. No call may be in flight.
func (p *Process) Stop() error { return p.child.Stop() }

// Continue lets a process go on that was stopped.
func (p *Process) Continue() error { return p.child.Continue() }
