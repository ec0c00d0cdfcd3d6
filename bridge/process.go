package bridge

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec/probe"
)

// marker is the environment variable by which the descendants of a program are found, also those that left its process group.
const marker = "STORECHECK_CHILD"

const (
	// settle is how long a process may take to end after its output did, and its output after it.
	settle = time.Second
	// killWait is how long a killed process may take to be gone. It is only ever spent on one that the kernel holds back.
	killWait = 5 * time.Second
)

// A Process is a running program that holds stores. Its methods may be called at the same time from several goroutines.
type Process struct {
	program string
	opts    Options
	info    Info
	mark    string

	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	stderr *os.File
	tail   tail
	link   *link

	ended      chan struct{} // closed when the process is gone
	swept      chan struct{} // closed when its descendants are gone too
	state      *os.ProcessState
	stderrDone chan struct{}
	suspects   sync.WaitGroup
	closeOnce  sync.Once
	closeErr   error

	eventsMu sync.Mutex // held while asking, so that who asks second misses nothing
	events   []probe.Event

	mu      sync.Mutex
	err     *Broken
	ready   bool // hello was answered
	closing bool
	killed  bool
	notes   []Note
}

// Start runs a program and exchanges hello with it. The context governs the start alone. An error about the program is a
// [*Broken]; then nothing of it is left. Otherwise the caller owns the process and must call [Process.Close].
func Start(ctx context.Context, c Command, o Options) (*Process, error) {
	p := &Process{
		program:    strings.Join(append([]string{c.Path}, c.Args...), " "),
		opts:       o.withDefaults(),
		mark:       marker + "=" + rand.Text(),
		ended:      make(chan struct{}),
		swept:      make(chan struct{}),
		stderrDone: make(chan struct{}),
	}
	p.tail.next = o.Stderr
	var check *checker
	if o.Validate {
		var err error
		if check, err = newChecker(); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.link = &link{p: p, check: check, down: make(chan struct{}), pending: make(map[int64]*request), most: maxNoise}
	if err := p.start(c); err != nil {
		return nil, err
	}
	p.link.in = newLineReader(p.stdout)
	p.link.out = newOutbox(p.stdin, p.inputFailed)
	go p.link.run()
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

func (p *Process) start(c Command) error {
	p.cmd = exec.Command(c.Path, c.Args...)
	p.cmd.Env = append(slices.Clone(c.Env), p.mark)
	p.cmd.Dir = c.Dir
	p.cmd.SysProcAttr = childAttr()

	var theirs [3]*os.File
	var ours [3]*os.File
	closeAll := func(files []*os.File) {
		for _, f := range files {
			if f != nil {
				_ = f.Close()
			}
		}
	}
	for i := range ours {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(ours[:])
			closeAll(theirs[:])
			return fmt.Errorf("bridge: %w", err)
		}
		if ours[i], theirs[i] = r, w; i == 0 {
			ours[i], theirs[i] = w, r
		}
	}
	p.stdin, p.stdout, p.stderr = ours[0], ours[1], ours[2]
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = theirs[0], theirs[1], theirs[2]

	started := make(chan error)
	go p.wait(started)
	err := <-started
	closeAll(theirs[:])
	if err != nil {
		closeAll(ours[:])
		return p.notStarted(err)
	}
	go func() {
		defer close(p.stderrDone)
		_, _ = io.Copy(&p.tail, p.stderr)
		_ = p.stderr.Close()
	}()
	return nil
}

// wait starts the program and waits for its end, on one thread: Linux ends a child with the thread that started it, if asked to
// end it with its parent.
func (p *Process) wait(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	_ = p.cmd.Wait()
	p.state = p.cmd.ProcessState
	close(p.ended)
	p.mu.Lock()
	killed := p.killed
	p.mu.Unlock()
	if left := sweep(p.cmd.Process, p.mark, killed); len(left) > 0 && !killed {
		p.note(NoteLeftBehind, fmt.Sprintf("it ended and left %d of its processes behind, which were killed: %s", len(left), strings.Join(left, ", ")))
	}
	close(p.swept)

	late := time.NewTimer(settle)
	defer late.Stop()
	for _, done := range []chan struct{}{p.link.down, p.stderrDone} {
		select {
		case <-done:
		case <-late.C:
			late.Reset(0)
		}
	}
	_ = p.stdout.Close()
	_ = p.stderr.Close()
}

func (p *Process) hello(ctx context.Context) error {
	late := awake.AfterFunc(p.opts.HelloTimeout, func() {
		if p.link.firstNoise() != "" {
			_ = p.notProtocol("")
			return
		}
		_ = p.fail(Silent, fmt.Sprintf("did not answer hello within %v", p.opts.HelloTimeout), helloHint)
	})
	defer late.Stop()
	var r helloResult
	err := p.request(ctx, "hello", helloParams{Protocol: Version, Suite: p.opts.Suite}, &r, 0)
	var refused *HostError
	switch {
	case errors.As(err, &refused) && refused.Code == codeVersion:
		return p.fail(WrongVersion, fmt.Sprintf("does not speak protocol %d: %s", Version, refused.Message), versionHint)
	case err != nil:
		return err
	case r.Protocol != Version:
		return p.fail(WrongVersion, fmt.Sprintf("speaks protocol %d; this storecheck speaks %d", r.Protocol, Version), versionHint)
	}
	p.info = r.Info
	p.mu.Lock()
	p.ready = true
	p.mu.Unlock()
	return nil
}

const (
	helloHint   = "a target reads requests from its standard input until that ends, and answers each with one line on its standard output"
	versionHint = "use a host and a storecheck of the same version"
)

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

// Check returns the diagnosis of a process that broke, as Err does, and first asks one that seems well whether it answers at all. One that
// does not is ended.
func (p *Process) Check(ctx context.Context) error {
	if err := p.Err(); err != nil {
		return err
	}
	ping, cancel := awake.WithTimeout(ctx, p.opts.PingTimeout)
	defer cancel()
	err := p.request(ping, "ping", empty{}, &empty{}, 0)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return p.fail(Blocked, fmt.Sprintf("did not answer a ping within %v: its event loop is blocked", p.opts.PingTimeout), blockedHint)
	}
	return err
}

// request makes a request; see link.do. Its error is the diagnosis, the context's or a [*HostError].
func (p *Process) request(ctx context.Context, method string, params, result any, limit time.Duration) error {
	if err := p.Err(); err != nil {
		return &gone{err}
	}
	reply, err := p.link.do(ctx, method, params, result, limit)
	switch {
	case err != nil:
		return err
	case reply.Error != nil:
		return &HostError{Method: method, Code: *reply.Error.Code, Message: *reply.Error.Message, Stack: reply.Error.stack()}
	}
	if reply.Result == nil {
		return nil
	}
	if err := json.Unmarshal(reply.Result, result); err != nil {
		return p.fail(BadResult, fmt.Sprintf("answered %s with a result of another shape: %v", method, err), "", reply.Result)
	}
	return nil
}

// lacks is the diagnosis of a result that leaves out what the protocol demands.
func (p *Process) lacks(method, member string) error {
	return p.fail(BadResult, fmt.Sprintf("answered %s with a result without %s", method, member),
		"with --validate every message is checked against the schema of the protocol")
}

// suspect finds out why a request is not answered.
func (p *Process) suspect(id int64, limit time.Duration) {
	p.mu.Lock()
	if p.closing || p.err != nil {
		p.mu.Unlock()
		return
	}
	p.suspects.Add(1)
	p.mu.Unlock()
	defer p.suspects.Done()

	ctx, cancel := awake.WithTimeout(context.Background(), p.opts.PingTimeout)
	defer cancel()
	err := p.request(ctx, "ping", empty{}, &empty{}, 0)
	if !p.link.waits(id) {
		return
	}
	waited := fmt.Sprintf("did not answer a call within %v", limit)
	switch {
	case err == nil:
		// What was late for the ping may be so for the call.
		over := make(chan struct{})
		defer awake.AfterFunc(p.opts.Grace, func() { close(over) }).Stop()
		select {
		case <-over:
		case <-p.link.down:
		}
		if p.link.waits(id) {
			_ = p.fail(LostCall, waited+", although it answers others: the host lost the call",
				"a call is answered when its timeoutMs are over at the latest, with an outcome that says timedOut")
		}
	case p.link.out.busy():
		_ = p.fail(InputStalled, waited+": it does not read its standard input any more", blockedHint)
	default:
		_ = p.fail(Blocked, fmt.Sprintf("%s, nor a ping within %v: its event loop is blocked", waited, p.opts.PingTimeout), blockedHint)
	}
}

const blockedHint = "look for a loop that does not end, or synchronous work, in the store's methods"

// fail makes a diagnosis, unless there is one or the process is being closed, ends the process, and returns what stands.
func (p *Process) fail(kind Kind, message, hint string, output ...[]byte) error {
	pending := p.link.unanswered()
	p.mu.Lock()
	if p.closing || p.err != nil {
		defer p.mu.Unlock()
		if p.err != nil {
			return p.err
		}
		return &Broken{Kind: Closed, Message: "was closed before it answered", Program: p.program}
	}
	b := &Broken{Kind: kind, Message: message, Hint: hint, Program: p.program, Stderr: p.tail.String()}
	for _, line := range output {
		b.Output = shorten(line)
	}
	if p.ready {
		b.Pending = pending
	}
	p.err = b
	p.mu.Unlock()
	p.kill()
	_ = p.stdout.Close() // wakes the reader, which ends the pending calls
	return b
}

// notStarted says why the program could not be started.
func (p *Process) notStarted(err error) error {
	b := &Broken{Kind: NotStarted, Message: "could not be started: " + err.Error(), Program: p.program}
	_, noDir := os.Stat(p.cmd.Dir)
	switch {
	case p.cmd.Dir != "" && noDir != nil: // the error of the start blames the program
		b.Message = fmt.Sprintf("could not be started in its working directory: %v", noDir)
	case errors.Is(err, fs.ErrPermission):
		b.Kind, b.Message = NotExecutable, "cannot be run: permission denied"
		b.Hint = "make the file executable, or put its interpreter in front: node, python3, …"
	case isNotExecutable(err):
		b.Kind, b.Message = NotExecutable, "cannot be run: it is no program for this system"
		b.Hint = "a script needs an interpreter: in its first line (#!), or in front: node, python3, …"
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		b.Kind, b.Message = NotFound, "was not found"
		b.Hint = "check the spelling, give a path, and for a script check the interpreter in its first line"
	}
	return b
}

// outputEnded is called when nothing more can be read from the program.
func (p *Process) outputEnded() {
	if !p.gone(settle) {
		_ = p.fail(OutputClosed, "closed its standard output and lives on", "standard output belongs to the protocol until the end of standard input")
		return
	}
	select {
	case <-p.stderrDone:
	case <-time.After(settle):
	}
	end := describeEnd(p.state)
	p.mu.Lock()
	ready := p.ready
	p.mu.Unlock()
	switch {
	case ready:
		when := "while no call was pending"
		if n := len(p.link.unanswered()); n > 0 {
			when = fmt.Sprintf("in the middle of %s", plural(n, "call"))
		}
		_ = p.fail(Exited, end+" "+when, "the standard error and the store's own log may say why")
	case p.link.firstNoise() != "":
		_ = p.notProtocol(" and " + end)
	default:
		_ = p.fail(ExitedEarly, end+" before it answered hello", helloHint)
	}
}

func (p *Process) notProtocol(then string) error {
	return p.fail(NotProtocol, fmt.Sprintf("wrote %q%s instead of answering hello", p.link.firstNoise(), then), helloHint)
}

// inputFailed is called when the program's standard input cannot be written.
func (p *Process) inputFailed(error) {
	if !p.gone(settle) {
		_ = p.fail(InputClosed, "closed its standard input and lives on", helloHint)
	}
}

// gone waits for the end of the process, at most d.
func (p *Process) gone(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.ended:
		return true
	case <-t.C:
		return false
	}
}

func (p *Process) kill() {
	p.mu.Lock()
	p.killed = true
	p.mu.Unlock()
	select {
	case <-p.ended:
	default:
		signalGroup(p.cmd.Process, true)
	}
	_ = p.stdin.Close() // wakes a writer that is stuck
}

// Close ends the process: its input ends, and if it does not follow within the grace, it and everything in its process group is
// terminated and then killed. When Close returns, nothing of it is left: no process, goroutine or file. Calls that are pending fail.
// The error, if there is one, is that the process could not be killed.
func (p *Process) Close() error {
	p.closeOnce.Do(func() {
		p.mu.Lock()
		p.closing = true
		p.mu.Unlock()
		if p.closeErr = p.end(); p.closeErr == nil {
			<-p.swept
		}
		_ = p.stdin.Close()
		<-p.link.down
		p.suspects.Wait()
		<-p.link.out.done
		<-p.stderrDone
	})
	return p.closeErr
}

func (p *Process) end() error {
	p.link.out.finish()
	if p.gone(p.opts.CloseGrace) {
		p.mu.Lock()
		killed := p.killed
		p.mu.Unlock()
		if !killed && !p.state.Success() {
			p.note(NoteUnclean, describeEnd(p.state)+" after the end of its input")
		}
		return nil
	}
	p.note(NoteUnclean, fmt.Sprintf("it did not end within %v of the end of its input and was terminated", p.opts.CloseGrace))
	p.mu.Lock()
	p.killed = true
	p.mu.Unlock()
	signalGroup(p.cmd.Process, false)
	if p.gone(p.opts.CloseGrace) {
		return nil
	}
	signalGroup(p.cmd.Process, true)
	if p.gone(killWait) {
		return nil
	}
	_ = p.stdout.Close()
	_ = p.stderr.Close()
	return fmt.Errorf("bridge: process %d could not be killed", p.cmd.Process.Pid)
}

func describeEnd(s *os.ProcessState) string {
	if code := s.ExitCode(); code >= 0 {
		return fmt.Sprintf("exited with status %d", code)
	}
	return fmt.Sprintf("was ended by a signal (%s)", strings.TrimPrefix(s.String(), "signal: "))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
