//go:build !unix

package child

import (
	"os"
	"syscall"
)

func attributes(Options) *syscall.SysProcAttr { return nil }

// signalGroup kills the process alone: this system has no process groups.
func signalGroup(p *os.Process, _ syscall.Signal) error { return p.Kill() }
