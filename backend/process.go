package backend

import (
	"cmp"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/storecheck/storecheck/internal/child"
)

// process is a running server.
type process struct {
	*child.Process
	output   *child.Tail
	farewell bool // the server leaves something behind when it is killed without one
}

// startProcess starts path in the folder of the setup. The process gets an environment of its own: PATH as it is, the folder for HOME and TMPDIR,
// C for LC_ALL, and env. The processes of a server may be in groups of their own: they carry a mark.
func startProcess(path string, args []string, stdin string, s *setup, farewell syscall.Signal, env ...string) (*process, error) {
	output := child.NewTail(2<<10, nil)
	cmd := exec.Command(path, args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "TMPDIR=" + s.dir, "LC_ALL=C"}
	cmd.Env = append(cmd.Env, env...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Stdout, cmd.Stderr = output, output
	o := child.Options{WithParent: true, Leave: time.Second, Mark: "STORECHECK_SERVER", Farewell: farewell, Account: s.account}
	p, err := child.Start(cmd, o)
	if err != nil {
		return nil, err
	}
	return &process{p, output, farewell != 0}, nil
}

// stop ends the process with all that it has started.
func (p *process) stop() error {
	if p.farewell {
		const patience = 5 * time.Second
		p.Terminate()
		select {
		case <-p.Exited():
		case <-time.After(patience):
		}
	}
	return p.End()
}

// said returns the end of the server's output.
func (p *process) said() string { return cmp.Or(p.output.String(), "nothing") }

// lastLine returns the last line of the server's output.
func (p *process) lastLine() string {
	said := strings.TrimSpace(p.said())
	return said[strings.LastIndexByte(said, '\n')+1:]
}
