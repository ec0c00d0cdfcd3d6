package bridge

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

func childAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

const (
	// leaveTime is how long descendants may outlive the program before they count as left behind: those that end with the pipe to
	// their parent need a moment.
	leaveTime = 250 * time.Millisecond
	sweepStep = 10 * time.Millisecond
)

// sweep kills every process that carries the mark, and returns those that were left after a moment; atOnce gives them none. A
// descendant is known by its mark and not by its group alone, because it may have made itself a group of its own.
func sweep(leader *os.Process, mark string, atOnce bool) []string {
	left := marked(mark)
	for start := time.Now(); len(left) > 0 && !atOnce && time.Since(start) < leaveTime; {
		time.Sleep(sweepStep) // there is no event for the end of a process that is not one's child
		left = marked(mark)
	}
	signalGroup(leader, true)
	var names []string
	for _, pid := range left {
		words, _ := os.ReadFile(proc(pid, "cmdline"))
		names = append(names, fmt.Sprintf("%s (pid %d)", bytes.ReplaceAll(bytes.TrimRight(words, "\x00"), []byte{0}, []byte(" ")), pid))
	}
	for start := time.Now(); len(left) > 0 && time.Since(start) < killWait; {
		for _, pid := range left {
			killMarked(pid, mark)
		}
		time.Sleep(sweepStep)
		left = marked(mark)
	}
	return names
}

// marked returns the processes whose environment holds the mark. That of a dead process is empty.
func marked(mark string) []int {
	var found []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil && carries(pid, mark) {
			found = append(found, pid)
		}
	}
	return found
}

// killMarked kills a process, and no later one of the same number: it looks at the mark when it holds the process.
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
	environ, err := os.ReadFile(proc(pid, "environ"))
	return err == nil && bytes.Contains(append([]byte{0}, environ...), []byte("\x00"+mark+"\x00"))
}

func proc(pid int, file string) string { return filepath.Join("/proc", strconv.Itoa(pid), file) }
