package bridge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"time"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/internal/awake"
)

const (
	helloHint = "a target reads requests from its standard input until that ends, and answers each with one line on its standard output"
	// flushHint is for programs whose library keeps what they write to a pipe until it is much.
	flushHint   = "flush standard output behind each line: print(…, flush=True) in Python, fflush(stdout) in C, $| = 1 in Perl, STDOUT.sync = true in Ruby"
	versionHint = "use a host and a storecheck of the same version"
	blockedHint = "look for a loop that does not end, or synchronous work, in the store's methods"
)

// notStarted says why a program could not be started in dir.
func notStarted(program, dir string, err error) error {
	b := &Broken{Kind: NotStarted, Message: "could not be started: " + err.Error(), Program: program}
	_, noDir := os.Stat(dir)
	switch {
	case dir != "" && noDir != nil: // the error of the start blames the program
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

// hello exchanges hello with the program, which then serves.
func (p *Process) hello(ctx context.Context) error {
	late := awake.AfterFunc(p.opts.HelloTimeout, func() {
		if p.conn.firstNoise() != "" {
			_ = p.notProtocol("")
			return
		}
		p.listenOnce()
		_ = p.silent()
	})
	defer late.Stop()
	var r wire.HelloResult
	err := p.request(ctx, "hello", wire.HelloParams{Protocol: Version, Suite: p.opts.Suite}, &r, 0)
	if p.listened.Load() {
		return p.silent()
	}
	var refused *HostError
	switch {
	case errors.As(err, &refused) && refused.Code == wire.CodeVersion:
		return p.broke(&Broken{
			Kind: WrongVersion, Message: fmt.Sprintf("does not speak protocol %d: %s", Version, refused.Message), Hint: versionHint,
		})
	case err != nil:
		return err
	case r.Protocol != Version:
		return p.broke(&Broken{
			Kind: WrongVersion, Message: fmt.Sprintf("speaks protocol %d; this storecheck speaks %d", r.Protocol, Version), Hint: versionHint,
		})
	}
	p.info = r.Info
	limitInfo(&p.info)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stage == stageHello {
		p.stage = stageServing
	}
	return nil
}

// listenOnce ends the input of a program that did not answer hello, and waits a moment: a program that does not flush says then what it has
// kept.
func (p *Process) listenOnce() {
	p.listened.Store(true)
	p.conn.out.Finish()
	select {
	case <-p.conn.down:
	case <-time.After(settle):
	}
}

// silent is the diagnosis of a program that did not answer hello in time.
func (p *Process) silent() error {
	b := &Broken{Kind: Silent, Message: fmt.Sprintf("did not answer hello within %v", p.opts.HelloTimeout), Hint: helloHint + "; " + flushHint}
	if p.conn.replied() {
		b.Message += ", but did when its input had ended: it does not flush its output"
		b.Hint = flushHint
	}
	return p.broke(b)
}

func (p *Process) notProtocol(then string) error {
	return p.broke(&Broken{
		Kind: NotProtocol, Message: fmt.Sprintf("wrote %q%s instead of answering hello", p.conn.firstNoise(), then), Hint: helloHint,
	})
}

// Check returns the diagnosis of a process that broke, as Err does. It asks a process that seems well whether it answers at all, and ends
// one that does not.
func (p *Process) Check(ctx context.Context) error {
	if err := p.Err(); err != nil {
		return err
	}
	ping, cancel := awake.WithTimeout(ctx, p.opts.PingTimeout)
	defer cancel()
	err := p.request(ping, "ping", wire.Empty{}, &wire.Empty{}, 0)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return p.broke(&Broken{
			Kind: Blocked, Message: fmt.Sprintf("did not answer a ping within %v: its event loop is blocked", p.opts.PingTimeout), Hint: blockedHint,
		})
	}
	return err
}

// Now asks the process for its time, which wakes it if it sleeps. The time is zero if the process does not tell it.
func (p *Process) Now(ctx context.Context) (time.Time, error) {
	now, _, err := p.pulse(ctx)
	return now, err
}

// NowAtRest is Now for a process that has nothing to do: it asks until the store waits for no answer of its backend, for some seconds at most.
func (p *Process) NowAtRest(ctx context.Context) (time.Time, error) {
	const most = 3 * time.Second
	for start, pause := time.Now(), time.Millisecond; ; pause = min(2*pause, 8*time.Millisecond) {
		now, busy, err := p.pulse(ctx)
		if err != nil || !busy || time.Since(start) > most {
			return now, err
		}
		time.Sleep(pause)
	}
}

func (p *Process) pulse(ctx context.Context) (now time.Time, busy bool, err error) {
	var pong struct {
		Now  *float64 `json:"now"`
		Busy bool     `json:"busy"`
	}
	if err := p.request(ctx, "ping", wire.Empty{}, &pong, 0); err != nil || pong.Now == nil {
		return time.Time{}, pong.Busy, err
	}
	return time.UnixMilli(int64(*pong.Now)), pong.Busy, nil
}

// lacks is the diagnosis of a result that leaves out what the protocol demands.
func (p *Process) lacks(method, member string) error {
	return p.broke(&Broken{
		Kind: BadResult, Message: fmt.Sprintf("answered %s with a result without %s", method, member),
		Hint: "storecheck bridge-check checks a program against the protocol, and says what to mend",
	})
}

// overdue finds out why a request is not answered.
func (p *Process) overdue(id int64, limit time.Duration) {
	p.mu.Lock()
	if p.stage > stageServing {
		p.mu.Unlock()
		return
	}
	p.suspects.Add(1)
	p.mu.Unlock()
	defer p.suspects.Done()

	ctx, cancel := awake.WithTimeout(context.Background(), p.opts.PingTimeout)
	defer cancel()
	err := p.request(ctx, "ping", wire.Empty{}, &wire.Empty{}, 0)
	if err == nil && p.conn.waits(id) {
		// The call may be late for the same reason as the ping.
		over := make(chan struct{})
		defer awake.AfterFunc(p.opts.Grace, func() { close(over) }).Stop()
		select {
		case <-over:
		case <-p.conn.down:
		}
	}
	if !p.conn.waits(id) {
		return
	}
	b := &Broken{Kind: Blocked, Message: fmt.Sprintf("did not answer a call within %v", limit), Hint: blockedHint}
	switch {
	case err == nil:
		b.Kind, b.Hint = LostCall, "a call is answered when its timeoutMs are over at the latest, with an outcome that says timedOut"
		b.Message += ", although it answers others: the host lost the call"
	case p.conn.out.Busy():
		b.Kind = InputStalled
		b.Message += ": it does not read its standard input any more"
	default:
		b.Message += fmt.Sprintf(", nor a ping within %v: its event loop is blocked", p.opts.PingTimeout)
	}
	_ = p.broke(b)
}

// outputEnded makes the diagnosis of a program whose output has ended.
func (p *Process) outputEnded() {
	if !p.exits(settle) {
		_ = p.broke(&Broken{
			Kind: OutputClosed, Message: "closed its standard output and lives on",
			Hint: "standard output belongs to the protocol until the end of standard input",
		})
		return
	}
	<-p.child.Done()
	end := describeEnd(p.child.State())
	p.mu.Lock()
	serving := p.stage == stageServing
	p.mu.Unlock()
	switch {
	case p.listened.Load():
		_ = p.silent()
	case serving:
		when := "while no call was pending"
		if n := len(p.conn.unanswered()); n > 0 {
			when = fmt.Sprintf("in the middle of %s", plural(n, "call"))
		}
		_ = p.broke(&Broken{Kind: Exited, Message: end + " " + when, Hint: "the standard error and the store's own log may say why"})
	case p.conn.firstNoise() != "":
		_ = p.notProtocol(" and " + end)
	default:
		_ = p.broke(&Broken{Kind: ExitedEarly, Message: end + " before it answered hello", Hint: helloHint})
	}
}

// inputFailed makes the diagnosis of a program whose standard input cannot be written.
func (p *Process) inputFailed(error) {
	if !p.exits(settle) {
		_ = p.broke(&Broken{Kind: InputClosed, Message: "closed its standard input and lives on", Hint: helloHint})
	}
}
