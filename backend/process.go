package backend

import (
	"cmp"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/storecheck/storecheck/internal/child"
)

// process is a running server.
type process struct {
	*child.Process
	dir    string // its working folder
	output *child.Tail
}

// startProcess starts path in dir. The process gets an environment of its own: PATH as it is, dir for HOME and TMPDIR, and C for LC_ALL.
func startProcess(path string, args []string, stdin, dir string) (*process, error) {
	output := child.NewTail(2<<10, nil)
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "LC_ALL=C"}
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Stdout, cmd.Stderr = output, output
	p, err := child.Start(cmd, child.Options{WithParent: true, Leave: time.Second})
	if err != nil {
		return nil, err
	}
	return &process{p, dir, output}, nil
}

// said returns the end of the server's output.
func (p *process) said() string { return cmp.Or(p.output.String(), "nothing") }

// lastLine returns the last line of the server's output.
func (p *process) lastLine() string {
	said := strings.TrimSpace(p.said())
	return said[strings.LastIndexByte(said, '\n')+1:]
}
