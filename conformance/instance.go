package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// An Instance is one open instance of the store under test. Its methods log each call and bound it in time. Those without Try end the
// check as failed when the store answers with an error; those with Try leave that to the check. Both end it as broken when the process
// around the store gives way.
type Instance struct {
	c      *C
	store  spec.Store
	name   string // in front of the calls of an instance that is not the shared one
	closed sync.Once
	killed atomic.Bool // its process, by the suite
	// foreign: it keeps its sessions in a place of its own.
	foreign bool
}

// Set stores a session.
func (i *Instance) Set(id string, s *spec.Session) { i.mustSucceed("set", i.TrySet(id, s)) }

// TrySet stores a session and returns the store's error.
func (i *Instance) TrySet(id string, s *spec.Session) error {
	i.c.storing(id)
	return i.call(fmt.Sprintf("set(%s, %s)", quote(id), short(s)), nothing, func(ctx context.Context) error {
		return i.store.Set(ctx, id, s)
	})
}

// Get returns the session of an id, or nil when it is missing.
func (i *Instance) Get(id string) *spec.Session {
	s, err := i.TryGet(id)
	i.mustSucceed("get", err)
	return s
}

// TryGet returns the session of an id; a missing one is nil and no error, in whatever way the store says so.
func (i *Instance) TryGet(id string) (*spec.Session, error) {
	var s *spec.Session
	err := i.call(fmt.Sprintf("get(%s)", quote(id)), func() string { return short(s) }, func(ctx context.Context) (err error) {
		s, err = i.store.Get(ctx, id)
		if spec.IsMissing(s, err) {
			s, err = nil, nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Destroy removes a session.
func (i *Instance) Destroy(id string) { i.mustSucceed("destroy", i.TryDestroy(id)) }

// TryDestroy removes a session and returns the store's error.
func (i *Instance) TryDestroy(id string) error {
	return i.call(fmt.Sprintf("destroy(%s)", quote(id)), nothing, func(ctx context.Context) error {
		return i.store.Destroy(ctx, id)
	})
}

// Touch prolongs a session.
func (i *Instance) Touch(id string, s *spec.Session) { i.mustSucceed("touch", i.TryTouch(id, s)) }

// TryTouch prolongs a session and returns the store's error; an error that says that the session is missing is one.
func (i *Instance) TryTouch(id string, s *spec.Session) error {
	i.c.storing(id)
	return i.call(fmt.Sprintf("touch(%s, %s)", quote(id), short(s)), nothing, func(ctx context.Context) error {
		return i.store.(spec.Toucher).Touch(ctx, id, s)
	})
}

// All returns every session that the store lists.
func (i *Instance) All() []*spec.Session {
	all, err := i.TryAll()
	i.mustSucceed("all", err)
	return all
}

// TryAll returns every session that the store lists, or the store's error.
func (i *Instance) TryAll() (all []*spec.Session, err error) {
	err = i.call("all()", func() string { return fmt.Sprintf("%d sessions", len(all)) }, func(ctx context.Context) (err error) {
		all, err = i.store.(spec.Lister).All(ctx)
		return err
	})
	return all, err
}

// Length returns the number of sessions that the store counts.
func (i *Instance) Length() int {
	n, err := i.TryLength()
	i.mustSucceed("length", err)
	return n
}

// TryLength returns the number of sessions that the store counts, or the store's error.
func (i *Instance) TryLength() (n int, err error) {
	err = i.call("length()", func() string { return strconv.Itoa(n) }, func(ctx context.Context) (err error) {
		n, err = i.store.(spec.Counter).Length(ctx)
		return err
	})
	return n, err
}

// Clear removes every session of the store.
func (i *Instance) Clear() { i.mustSucceed("clear", i.TryClear()) }

// TryClear removes every session of the store and returns the store's error.
func (i *Instance) TryClear() error {
	return i.call("clear()", nothing, func(ctx context.Context) error { return i.store.(spec.Clearer).Clear(ctx) })
}

// Remove destroys sessions as well as it can, without a word in the calls, for a check that leaves many behind.
func (i *Instance) Remove(ids ...string) {
	ctx, cancel := awake.WithTimeout(context.WithoutCancel(i.c), i.c.callTimeout("destroy"))
	defer cancel()
	set := map[string]bool{}
	for _, id := range ids {
		set[id] = true
	}
	i.c.suite.remove(ctx, i.store, set)
	i.c.mu.Lock()
	defer i.c.mu.Unlock()
	maps.DeleteFunc(i.c.stored, func(id string, _ bool) bool { return set[id] })
}

// Close closes the instance. An error of the store's Close is the harness's trouble, not a verdict.
func (i *Instance) Close() {
	if err := i.close(i.c); err != nil {
		i.c.broken(fmt.Errorf("an instance could not be closed: %w", err))
	}
}

func (i *Instance) close(ctx context.Context) (err error) {
	i.closed.Do(func() {
		if _, ok := i.store.(io.Closer); ok {
			i.c.Log("%sclose()", i.name)
		}
		err = closeStore(ctx, i.store)
	})
	return err
}

// Kill kills the process of an instance that [C.TryOpenProcess] has opened. Its calls in flight fail.
func (i *Instance) Kill() {
	i.killed.Store(true)
	if err := i.store.(Process).Kill(); err != nil {
		i.c.broken(fmt.Errorf("the store's process could not be killed: %w", err))
	}
}

// errKilled is a call that was not answered because the process was killed.
var errKilled = errors.New("in flight when the process was killed")

// Probe makes a call in the way that only the store's own process can, and returns everything that was seen of it.
func (i *Instance) Probe(call probe.Call) probe.Outcome {
	if _, ok := i.store.(probe.Prober); !ok {
		i.c.broken(errors.New("the check probes a store that cannot be probed: its requirement lacks a need"))
	}
	var out probe.Outcome
	start := time.Now()
	err := i.bounded(describe(call), func() string { return seen(call.Method, out) }, func(ctx context.Context) (err error) {
		out, err = i.probe(ctx, call)
		return err
	})
	if err != nil {
		i.c.broken(err)
	}
	if call.Callback != probe.CallbackNone {
		i.c.suite.patience.note(call.Method, out.Callbacks > 0)
	}
	i.c.suite.givenUp.note(out.Err(call.Method), time.Since(start)-call.Settle)
	return out
}

// diagnosis is how much longer than a probe may take its process is waited for: longer than whoever runs it takes to find that it is blocked.
const diagnosis = 20 * time.Second

// probe makes a call that is not logged.
func (i *Instance) probe(ctx context.Context, call probe.Call) (probe.Outcome, error) {
	if call.Method == "set" || call.Method == "touch" {
		i.c.storing(call.ID)
	}
	if call.Timeout == 0 {
		call.Timeout = i.c.callTimeout(call.Method)
	}
	ctx, cancel := awake.WithTimeout(context.WithoutCancel(ctx), call.Timeout+call.Settle+diagnosis)
	defer cancel()
	return i.store.(probe.Prober).Do(ctx, call)
}

// mustSucceed ends the check as failed when a call was answered with an error.
func (i *Instance) mustSucceed(method string, err error) {
	if err != nil {
		i.c.Fail("wanted    %s to succeed\ngot       %v", method, err)
	}
}

// call makes a call and remembers whether it was answered.
func (i *Instance) call(what string, answer func() string, f func(context.Context) error) error {
	err := i.bounded(what, answer, f)
	method, _, _ := strings.Cut(what, "(")
	i.c.suite.patience.note(method, answered(err))
	return err
}

// bounded makes a call, bounded in time, and logs it with its answer.
func (i *Instance) bounded(what string, answer func() string, f func(context.Context) error) error {
	method, _, _ := strings.Cut(what, "(")
	limit := i.c.callTimeout(method)
	ctx, end := context.Context(i.c), limit
	_, apart := i.store.(probe.Prober)
	if apart {
		// A store in another process is given the limit there.
		ctx, end = probe.WithLimit(ctx, limit), limit+diagnosis
	}
	ctx, cancel := awake.WithTimeout(ctx, end)
	defer cancel()
	entry := i.c.calls.begin(i.name + what)
	start := time.Now()
	err := guard(ctx, f)
	took := time.Since(start)
	switch {
	case err != nil && i.killed.Load():
		entry.end(errKilled.Error(), took)
		return errKilled
	case apart && i.c.Err() == nil && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errNoAnswer)):
		// A store that does not call back shows so in the outcome. Here its whole process does not answer, and whose doing that is is open.
		entry.end("no answer from the store's process", took)
		err = fmt.Errorf("the store's process did not answer %s within %.1f s: its event loop may be blocked", method, took.Seconds())
		i.c.suite.patience.note(method, false)
		i.c.metDeath(err, true)
		i.c.broken(err)
	case errors.Is(err, probe.ErrBroken):
		if errors.Is(err, probe.ErrDied) {
			i.c.metDeath(err, true)
			if took > limit {
				i.c.suite.patience.note(method, false)
			}
		}
		entry.end("broken: "+err.Error(), took)
		i.c.broken(err)
	case err != nil && i.c.Err() != nil:
		entry.end("stopped", took)
		i.c.broken(fmt.Errorf("the run was stopped: %w", context.Cause(i.c)))
	case err != nil:
		entry.end("error: "+err.Error(), took)
		i.c.suite.givenUp.note(err, took)
	default:
		entry.end(answer(), took)
	}
	return err
}

// storing remembers that an id may hold a session of the check.
func (t *C) storing(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stored[id] = true
}

// answered reports whether a call with that error was answered by the store.
func answered(err error) bool {
	if failure, ok := errors.AsType[*probe.Failure](err); ok {
		return failure.CalledBack()
	}
	return !errors.Is(err, errNoAnswer) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, probe.ErrBroken)
}

// A panicked error is a Go store that panicked. It is the store's failure.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// errNoAnswer is a call that did not return in time.
var errNoAnswer = errors.New("no answer")

// errExited is a call whose goroutine has ended.
var errExited = errors.New("the call ended its goroutine, as FailNow of a test does: return an error instead")

// guard makes a call that may hang or panic. A call that hangs is left behind.
func guard(ctx context.Context, f func(context.Context) error) error {
	start := time.Now()
	done := make(chan error, 1)
	go func() {
		err := errExited
		defer func() {
			if r := recover(); r != nil {
				err = &panicked{r, debug.Stack()}
			}
			done <- err
		}()
		err = f(ctx)
	}()
	// A store that honours the context answers with its error at the same moment: what the store says is preferred to saying that it hangs.
	var hung <-chan struct{}
	cancelled := ctx.Done()
	for {
		select {
		case err := <-done:
			if errors.Is(ctx.Err(), context.DeadlineExceeded) && errors.Is(err, context.Canceled) {
				err = fmt.Errorf("%w: %w", context.DeadlineExceeded, err) // as told by a context that the store has derived
			}
			return err
		case <-cancelled:
			over := make(chan struct{})
			defer awake.AfterFunc(time.Second, func() { close(over) }).Stop()
			hung, cancelled = over, nil
		case <-hung:
			return fmt.Errorf("%w within %.1f s", errNoAnswer, time.Since(start).Seconds())
		}
	}
}

func nothing() string { return "" }

// describe writes a probed call as a person would type it.
func describe(call probe.Call) string {
	var args []string
	switch call.Method {
	case "all", "length", "clear", "resources":
	default:
		args = append(args, quote(call.ID))
	}
	switch {
	case call.Argument != "":
		args = append(args, "the same object")
	case call.Expression != "":
		args = append(args, "{cookie, ..."+shorten(call.Expression)+"}")
	case call.Session != nil:
		args = append(args, shorten(string(call.Session)))
	}
	switch call.Callback {
	case probe.CallbackNormal:
	case probe.CallbackNone:
		args = append(args, "/* no callback */")
	case probe.CallbackThrows:
		args = append(args, "() => { throw }")
	}
	return call.Method + "(" + strings.Join(args, ", ") + ")"
}

// seen writes the outcome of a call of a method as a person would say it, in the words of the calls that are not probed.
func seen(method string, out probe.Outcome) string {
	s := ""
	add := func(format string, args ...any) {
		if s != "" {
			s += "; "
		}
		s += fmt.Sprintf(format, args...)
	}
	switch {
	case out.Thrown != nil:
		add("threw %s", out.Thrown)
	case out.Error != nil:
		add("error: %s", out.Error)
	case out.TimedOut:
		add("never called back")
	case out.Callbacks > 0 && answersNothing(method):
		add("ok")
	case method == "get" && (out.Kind == "undefined" || out.Kind == "null"):
		add("missing")
	case out.Value != nil:
		add("%s", shorten(string(out.Value)))
	case out.Kind != "":
		add("%s", out.Kind)
	}
	if out.Callbacks > 1 {
		add("called back %d times", out.Callbacks)
	}
	if out.Rejected != nil {
		add("rejected with %s", out.Rejected)
	}
	for _, u := range out.Uncaught {
		add("uncaught %s", u.Uncaught())
	}
	return s
}

// answersNothing reports whether a method has nothing to tell but that it is done; what it passes beside counts in callbacks/extra-arguments only.
func answersNothing(method string) bool {
	switch method {
	case "set", "destroy", "touch", "clear":
		return true
	}
	return false
}

func short(s *spec.Session) string {
	if s == nil {
		return "missing"
	}
	return shorten(s.String())
}

// shorten keeps a line of calls readable.
func shorten(text string) string {
	const limit = 160
	if len(text) <= limit {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes)", text[:limit-20], len(text))
}

// quote writes an id as JavaScript would, with a very long one cut.
func quote(id string) string {
	if len(id) > 160 {
		return fmt.Sprintf("%s… (%d bytes)", quote(id[:60]), len(id))
	}
	b, err := json.Marshal(id)
	if err != nil {
		return strconv.Quote(id)
	}
	return string(b)
}
