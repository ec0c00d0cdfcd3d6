package bridge

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestChildrenLeftBehind: processes that a store leaves behind are found and killed, also outside its process group.
func TestChildrenLeftBehind(t *testing.T) {
	c := command(t, "leaves-children")
	mine := "SLEEPERS_OF=" + t.TempDir()
	c.Env = append(c.Env, mine)
	p, err := Start(t.Context(), c, Options{CloseGrace: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	await(t, func() bool { return len(sleepers(mine)) == 2 })
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	wantNote(t, p, NoteLeftBehind, `^it ended and left 2 of its processes behind, which were killed: .* \(pid \d+\), .* \(pid \d+\)$`)
	if left := sleepers(mine); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// sleepers returns the processes that only sleep and have a variable.
func sleepers(variable string) []string {
	var found []string
	all, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range all {
		environ, _ := os.ReadFile(file)
		if strings.Contains(string(environ), viceVariable+"=sleeps") && strings.Contains(string(environ), variable) {
			found = append(found, filepath.Dir(file))
		}
	}
	return found
}

func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
