package bridge

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestChildrenLeftBehind: what a store started and left is found, also outside of its process group, and ended.
func TestChildrenLeftBehind(t *testing.T) {
	p, err := start(t, "leaves-children", Options{CloseGrace: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	await(t, func() bool { return len(sleepers(p)) == 2 })
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	wantNote(t, p, NoteLeftBehind, `^it ended and left 2 of its processes behind, which were killed: .* \(pid \d+\), .* \(pid \d+\)$`)
	if left := sleepers(p); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// sleepers returns the processes of p that only sleep.
func sleepers(p *Process) []int {
	var found []int
	for _, pid := range marked(p.mark) {
		if environ, _ := os.ReadFile(proc(pid, "environ")); strings.Contains(string(environ), viceVariable+"=sleeps") {
			found = append(found, pid)
		}
	}
	return found
}

func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
