//go:build unix

package install

import (
	"os/exec"
	"syscall"
)

// killWithChildren makes the end of cmd's context the end of all that it started.
func killWithChildren(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
