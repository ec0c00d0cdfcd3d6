//go:build !linux

package child

import (
	"fmt"
	"runtime"
	"syscall"
)

// marked returns nothing: only Linux shows the environments of processes.
func marked(string) []int { return nil }

// killRest kills the group. It returns its name where somebody else than the program was there: only macOS tells.
func (p *Process) killRest(held bool) []string {
	if held && signalGroup(p.cmd.Process, syscall.SIGKILL) == nil && runtime.GOOS == "darwin" {
		return []string{fmt.Sprintf("process group %d", p.Pid())}
	}
	return nil
}
