//go:build !unix

package child

import (
	"os"
	"syscall"
)

func attributes(bool) *syscall.SysProcAttr { return nil }

// signalGroup kills the process alone: this system has no process groups.
func signalGroup(p *os.Process, _ bool) error { return p.Kill() }
