//go:build unix

package worker

import (
	"os/exec"
	"syscall"
)

// separate keeps a terminal's Ctrl-C from the worker: the parent hears it and tells the worker to stop.
func separate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
