package bridge

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/internal/child"
	"github.com/storecheck/storecheck/spec/probe"
)

const (
	// marker is the environment variable by which the descendants of a program are found.
	marker = "STORECHECK_CHILD"
	// leaveTime is how long descendants may outlive the program before they count as left behind.
	leaveTime = 250 * time.Millisecond
	// settle is how long a process may take to end after its output, and its output after the process.
	settle = time.Second
	// The end of the standard error that a diagnosis shows.
	tailBytes = 8 << 10
	tailLines = 20
)

// A Process is a running program that holds stores. Its methods may be called at the same time from several goroutines.
type Process struct {
	program  string
	opts     Options
	info     Info
	child    *child.Process
	stderr   *child.Tail
	conn     *conn
	suspects sync.WaitGroup
	end      func() error // does the work of Close, once
	listened atomic.Bool  // hello is overdue, and the input was ended for it

	eventsMu sync.Mutex // held while asking, so that a second asker misses nothing
	events   []probe.Event

	mu    sync.Mutex
	stage stage
	err   *Broken // the diagnosis, in stageBroken
	notes []Note
}

// A stage is how far the life of a process has come.
type stage int

const (
	stageHello   stage = iota // hello is not answered yet
	stageServing              // it takes requests
	stageBroken               // there is a diagnosis, and the process was killed
	stageClosed               // its caller ends it: nothing that happens now is a breakage
)

// Start runs a program and exchanges hello with it. The context governs the start alone. An error about the program is a
// [*Broken]; then nothing of it is left. Otherwise the caller owns the process and must call [Process.Close].
func Start(ctx context.Context, c Command, o Options) (*Process, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p := &Process{
		program: strings.Join(append([]string{c.Path}, c.Args...), " "),
		opts:    o.withDefaults(),
		stderr:  child.NewTail(tailBytes, o.Stderr),
	}
	p.end = sync.OnceValue(p.endOnce)
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env, cmd.Dir, cmd.Stderr = c.Env, c.Dir, p.stderr
	var err error
	if p.child, err = child.Start(cmd, child.Options{Talk: true, WithParent: true, Mark: marker, Leave: leaveTime}); err != nil {
		return nil, notStarted(p.program, c.Dir, err)
	}
	p.conn = newConn(p.child.Out, p.child.In, o.Check, p)
	go p.conn.run()
	go p.endOutput()
	if err := p.hello(ctx); err != nil {
		p.kill()
		_ = p.Close()
		if ctx.Err() != nil {
			err = fmt.Errorf("%w: %w", probe.ErrNotStarted, err)
		}
		return nil, err
	}
	return p, nil
}

// endOutput ends the output of a process that is gone: somebody else may hold the other end.
func (p *Process) endOutput() {
	<-p.child.Done()
	select {
	case <-p.conn.down:
	case <-time.After(settle):
	}
	_ = p.child.Out.Close()
}

// Info returns what the program said of itself.
func (p *Process) Info() Info { return p.info }

// Err returns the diagnosis, a [*Broken], once the process broke, and nil before. Close is no breakage.
func (p *Process) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		return nil
	}
	return p.err
}

// request makes a request; see conn.request.
func (p *Process) request(ctx context.Context, method string, params, result any, limit time.Duration) error {
	if err := p.Err(); err != nil {
		return &gone{err}
	}
	return p.conn.request(ctx, method, params, result, limit)
}

// broke makes a diagnosis, unless there is one or the process is being closed, kills the process, and returns what stands.
func (p *Process) broke(b *Broken) error {
	b.Program = p.program
	pending := p.conn.unanswered()
	p.mu.Lock()
	switch {
	case p.stage == stageBroken:
		defer p.mu.Unlock()
		return p.err
	case b.Kind == Closed:
		p.mu.Unlock()
		return b
	case p.stage == stageClosed:
		p.mu.Unlock()
		return &Broken{Kind: Closed, Message: "was closed before it answered", Program: p.program}
	case p.stage == stageServing:
		b.Pending = pending
	}
	b.Stderr = p.said()
	p.stage, p.err = stageBroken, b
	p.mu.Unlock()
	p.kill()
	_ = p.child.Out.Close() // wakes the reader, which ends the pending calls
	return b
}

// said returns the end of the standard error.
func (p *Process) said() string { return strings.Join(p.stderr.Lines(tailLines), "\n") }

// exits waits for the end of the program, at most d.
func (p *Process) exits(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.child.Exited():
		return true
	case <-t.C:
		return false
	}
}

func (p *Process) kill() {
	p.child.Kill()
	_ = p.child.In.Close() // wakes a writer that is stuck
}

// Close ends the process: its input ends. If the process does not follow within the grace, it and everything in its process group is
// terminated and then killed. When Close returns, nothing of it is left: no process, goroutine or file. Calls that are pending fail.
// The error, if there is one, is that the process could not be killed.
func (p *Process) Close() error {
	p.closed()
	return p.end()
}

// closed says that the caller ends the process, unless it broke before.
func (p *Process) closed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stage != stageBroken {
		p.stage = stageClosed
	}
}

func (p *Process) endOnce() error {
	p.conn.out.Finish()
	err := p.endProgram()
	if err != nil {
		_ = p.child.Out.Close()
	}
	_ = p.child.In.Close()
	<-p.conn.down
	p.suspects.Wait()
	<-p.conn.out.Done
	return err
}

// endProgram returns when the program and its descendants have ended, and notes how.
func (p *Process) endProgram() error {
	if !p.exits(p.opts.CloseGrace) {
		p.note(NoteUnclean, fmt.Sprintf("it did not end within %v of the end of its input and was terminated", p.opts.CloseGrace))
		p.child.Terminate()
		if !p.exits(p.opts.CloseGrace) {
			if err := p.child.End(); err != nil {
				return fmt.Errorf("bridge: %w", err)
			}
		}
	}
	_ = p.child.Wait()
	if state := p.child.State(); !p.child.Ordered() && !state.Success() {
		p.note(NoteUnclean, describeEnd(state)+" after the end of its input")
	}
	if left := p.child.Left(); len(left) > 0 {
		p.note(NoteLeftBehind, fmt.Sprintf("it ended and left %d of its processes behind, which were killed: %s", len(left), strings.Join(left, ", ")))
	}
	return nil
}

func describeEnd(s *os.ProcessState) string {
	if code := s.ExitCode(); code >= 0 {
		return fmt.Sprintf("exited with status %d", code)
	}
	return fmt.Sprintf("was ended by a signal (%s)", strings.TrimPrefix(s.String(), "signal: "))
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
