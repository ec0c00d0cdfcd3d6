//go:build !unix

package bridge

import (
	"os"
	"syscall"
)

func childAttr() *syscall.SysProcAttr { return nil }

// signalGroup kills the process alone: there are no process groups here.
func signalGroup(p *os.Process, _ bool) { _ = p.Kill() }

func sweep(*os.Process, string, bool) []string { return nil }

func isNotExecutable(error) bool { return false }
