// Package child starts a program in a process group of its own, keeps the end of what it says, and ends it together with everything that it
// has started.
package child

import (
	"cmp"
	"crypto/rand"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Options say how a program is started and ended.
type Options struct {
	// Talk gives the caller the program's standard input and output, as In and Out of its Process.
	Talk bool
	// WithParent has the program killed when this process dies. Only Linux can do that.
	WithParent bool
	// Farewell is the signal that asks the program to end, for one that leaves something behind when it is killed: Terminate sends it, and on
	// Linux the program gets it when this process dies. By default the first is SIGTERM, and the second SIGKILL.
	Farewell syscall.Signal
	// Account runs the program as another user. Only root can do that, and not on Windows.
	Account *Account
	// Mark is the name of an environment variable. On Linux the descendants that carry it are ended even outside the process group.
	Mark string
	// Leave is how long the program's descendants may outlive it: those that end with a pipe to their parent need a moment.
	Leave time.Duration
}

// An Account is a user of this machine, with its group.
type Account struct{ User, Group uint32 }

// A Process is a program that was started. Its methods may be called at any time and from several goroutines.
type Process struct {
	// In and Out lead to the program's standard input and output, with Options.Talk. The caller closes both.
	In, Out *os.File

	cmd      *exec.Cmd
	leave    time.Duration
	farewell syscall.Signal
	mark     string         // NAME=value, or ""
	outputs  []*os.File     // where the program's output is copied from
	copying  sync.WaitGroup // the goroutines that copy it
	silent   chan struct{}  // closed when all output is copied

	told   chan struct{} // closed by Kill and Terminate
	exited chan struct{} // closed when the program has ended
	done   chan struct{} // closed when its descendants have ended too
	err    error         // of the program's end, once it was reaped
	left   []string      // the descendants that had to be killed

	mu      sync.Mutex
	ordered bool // told is closed
	reaped  bool // the number of the program may belong to another one
}

// Start starts a program. If cmd.Stdout or cmd.Stderr is not a file, the output is copied to it; its errors are ignored. With Options.Mark an
// empty cmd.Env is an empty environment. After an error nothing is left of the program.
func Start(cmd *exec.Cmd, o Options) (*Process, error) {
	p := &Process{
		cmd: cmd, leave: o.Leave, farewell: cmp.Or(o.Farewell, syscall.SIGTERM),
		silent: make(chan struct{}), told: make(chan struct{}), exited: make(chan struct{}), done: make(chan struct{}),
	}
	cmd.SysProcAttr = attributes(o)
	cmd.WaitDelay = drainTime // for the goroutine that feeds the program from cmd.Stdin
	if o.Mark != "" {
		p.mark = o.Mark + "=" + rand.Text()
		cmd.Env = append(slices.Clone(cmd.Env), p.mark)
	}
	theirs, err := p.connect(o.Talk)
	if err == nil {
		started := make(chan error)
		go p.run(started)
		err = <-started
	}
	closeAll(theirs)
	go func() {
		p.copying.Wait()
		close(p.silent)
	}()
	if err != nil {
		closeAll([]*os.File{p.In, p.Out})
		<-p.silent
		return nil, err
	}
	return p, nil
}

// connect makes the pipes and starts to copy the output. It returns the ends that are the program's.
func (p *Process) connect(talk bool) (theirs []*os.File, err error) {
	pipe := func() (r, w *os.File) {
		if err == nil {
			r, w, err = os.Pipe()
		}
		return r, w
	}
	if talk {
		var in, out *os.File
		in, p.In = pipe()
		p.Out, out = pipe()
		p.cmd.Stdin, p.cmd.Stdout = in, out
		theirs = append(theirs, in, out)
	}
	same := p.cmd.Stdout != nil && p.cmd.Stdout == p.cmd.Stderr
	for _, to := range []*io.Writer{&p.cmd.Stdout, &p.cmd.Stderr} {
		writer := *to
		if _, file := writer.(*os.File); file || writer == nil || err != nil {
			continue
		}
		r, w := pipe()
		if err != nil {
			break
		}
		theirs, p.outputs = append(theirs, w), append(p.outputs, r)
		p.copying.Go(func() {
			_, _ = io.Copy(writer, r)
			_, _ = io.Copy(io.Discard, r) // an error of the copy does not concern the program
			_ = r.Close()
		})
		if *to = w; same {
			p.cmd.Stderr = w
			break
		}
	}
	return theirs, err
}

func closeAll(files []*os.File) {
	for _, f := range files {
		if f != nil {
			_ = f.Close()
		}
	}
}

// run starts the program and waits for its end, on one thread: on Linux the program is killed when the thread ends that started it.
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := noteStart(p.cmd.Start, p.Pid)
	started <- err
	if err != nil {
		return
	}
	defer close(p.done)
	defer func() { noteReaped(p.Pid()) }()
	// A program that has ended keeps its number, which is also that of its group, until it is reaped. So the group is killed first: a later
	// signal could reach another group that was given the number meanwhile.
	held := holdEnd(p.cmd.Process.Pid)
	if !held {
		p.err = p.cmd.Wait() // until then orders must reach the program
		p.markReaped()
		_ = signalGroup(p.cmd.Process, syscall.SIGKILL) // at once, while hardly anybody can have the number
	}
	close(p.exited)
	p.awaitLeave()
	ordered := p.Ordered()
	if left := p.killRest(held); !ordered {
		p.left = left
	}
	if held {
		p.markReaped()
		p.err = p.cmd.Wait()
	}
	select {
	case <-p.silent:
	case <-time.After(drainTime):
		closeAll(p.outputs)
	}
}

// holdEnd is awaitEnd, but for tests of systems that have none.
var holdEnd = awaitEnd

func (p *Process) markReaped() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reaped = true
}

// Pid returns the number of the program, which is also that of its group.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Exited is closed when the program has ended. Its descendants may still run.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Done is closed when the descendants have ended too and their output is copied. The later output of a process that was not found is lost.
func (p *Process) Done() <-chan struct{} { return p.done }

// Wait waits for Done and returns how the program ended: nil, or the error that exec.Cmd.Wait has for it.
func (p *Process) Wait() error {
	<-p.done
	<-p.silent
	return p.err
}

// State returns how the program ended. It is nil before Done.
func (p *Process) State() *os.ProcessState {
	select {
	case <-p.done:
		return p.cmd.ProcessState
	default:
		return nil
	}
}

// Left returns the descendants that had to be killed after the program had ended by itself. It is empty before Done.
func (p *Process) Left() []string {
	select {
	case <-p.done:
		return p.left
	default:
		return nil
	}
}
