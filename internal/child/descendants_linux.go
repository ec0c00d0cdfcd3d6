package child

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// killRest kills the group, and every process that carries the mark: a descendant may have made itself a group of its own. It returns
// the processes that carried the mark.
func (p *Process) killRest(held bool) []string {
	rest := marked(p.mark)
	var names []string
	for _, pid := range rest {
		if words := commandLine(pid); words != "" {
			names = append(names, words)
		}
	}
	if held {
		_ = signalGroup(p.cmd.Process, syscall.SIGKILL)
	}
	for start := time.Now(); len(rest) > 0 && time.Since(start) < killWait; {
		for _, pid := range rest {
			killMarked(pid, p.mark)
		}
		time.Sleep(sweepStep)
		rest = marked(p.mark)
	}
	return names
}

// commandLine names a process. It is empty for one that has ended.
func commandLine(pid int) string {
	words, _ := os.ReadFile(procFile(pid, "cmdline"))
	if len(words) == 0 {
		return ""
	}
	return fmt.Sprintf("%s (pid %d)", bytes.ReplaceAll(bytes.TrimRight(words, "\x00"), []byte{0}, []byte(" ")), pid)
}

// marked returns the processes whose environment holds the mark. The environment of a process that has ended is empty.
func marked(mark string) []int {
	if mark == "" {
		return nil
	}
	var found []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil && carries(pid, mark) {
			found = append(found, pid)
		}
	}
	return found
}

// killMarked kills a process, and no later one of the same number: it looks at the mark while it holds the process.
func killMarked(pid int, mark string) {
	p, err := os.FindProcess(pid)
	if err != nil {
		return
	}
	if carries(pid, mark) {
		_ = p.Kill()
	}
	_ = p.Release()
}

func carries(pid int, mark string) bool {
	environ, err := os.ReadFile(procFile(pid, "environ"))
	return err == nil && bytes.Contains(append([]byte{0}, environ...), []byte("\x00"+mark+"\x00"))
}

func procFile(pid int, file string) string { return filepath.Join("/proc", strconv.Itoa(pid), file) }
