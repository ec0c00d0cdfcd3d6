package backend

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"
)

// process is a running server and its process group.
type process struct {
	cmd    *exec.Cmd
	dir    string // its working folder
	output tail   // the end of what it wrote to stdout and stderr
	done   chan struct{}
}

// startProcess starts path in dir. Of the environment the process sees PATH alone; dir is its HOME and TMPDIR, and LC_ALL is C.
func startProcess(path string, args []string, stdin, dir string) (*process, error) {
	p := &process{cmd: exec.Command(path, args...), dir: dir, done: make(chan struct{})}
	p.cmd.Dir = dir
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "LC_ALL=C"}
	p.cmd.Stdin = strings.NewReader(stdin)
	p.cmd.Stdout, p.cmd.Stderr = &p.output, &p.output
	p.cmd.SysProcAttr = procAttr()
	// A grandchild that keeps the pipes open must not hold Wait for ever.
	p.cmd.WaitDelay = time.Second

	started := make(chan error)
	go func() {
		// Linux sends Pdeathsig when the thread that started the child ends, so that thread must outlive the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		_ = p.cmd.Wait()
		killGroup(p.cmd.Process)
		close(p.done)
	}()
	return p, <-started
}

// kill ends the whole group and returns when it has ended.
func (p *process) kill() {
	select {
	case <-p.done:
	default:
		killGroup(p.cmd.Process)
		<-p.done
	}
}

// state tells how the process ended, once done is closed.
func (p *process) state() string { return p.cmd.ProcessState.String() }

// tail keeps the last tailSize bytes written to it. It is safe for concurrent use.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailSize = 2 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	t.buf = t.buf[max(0, len(t.buf)-tailSize):]
	return len(b), nil
}

// String is what was written last, or "nothing".
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := strings.TrimSpace(string(t.buf)); s != "" {
		return s
	}
	return "nothing"
}
