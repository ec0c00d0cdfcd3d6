//go:build unix && !linux

package bridge

import (
	"fmt"
	"os"
	"syscall"
)

func childAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// sweep kills what is left of the process group.
func sweep(leader *os.Process, _ string, _ bool) []string {
	if syscall.Kill(-leader.Pid, syscall.SIGKILL) != nil {
		return nil
	}
	return []string{fmt.Sprintf("process group %d", leader.Pid)}
}
