package conformance

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/onsi/gomega"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/model"
	"github.com/storecheck/storecheck/spec/probe"
)

// C is what the body of a check works with: the store, the clock, fresh ids and sessions, assertions, and the ways to end. All of it is
// bound to one attempt of one check. Calls on the store may be made from several goroutines; assertions belong to the body's own.
type C struct {
	context.Context
	gomega.Gomega
	// Instance is the instance that checks share.
	*Instance
	// Rand gives the random values of this requirement: the same ones for the same seed.
	Rand *rand.Rand

	suite        *suite
	check        check
	attempt      int
	capabilities spec.Capabilities
	prober       probe.Prober
	calls        callLog
	observed     string
	wholeRun     bool // what was found came of other checks as well

	mu     sync.Mutex
	opened []*Instance
	stored map[string]bool // ids that may hold a session of this check
	tidy   bool
	atEnd  []func(context.Context) // in the order in which they run, before sessions are removed and instances closed
	met    meeting

	leisure time.Duration // factor of the time that a call may take
}

// Slack is added to the granularity before a session must be gone, for the time that calls and timers take.
const slack = 500 * time.Millisecond

func newC(ctx context.Context, s *suite, c check, attempt, again int, store spec.Store) *C {
	h := fnv.New64a()
	h.Write([]byte(c.requirement.ID))
	t := &C{
		Context: ctx, suite: s, check: c, attempt: attempt,
		Rand:         rand.New(rand.NewPCG(s.options.Seed, h.Sum64()+uint64(attempt)+uint64(again)<<32)),
		capabilities: spec.CapabilitiesOf(store),
		stored:       map[string]bool{},
		leisure:      1,
	}
	t.prober, _ = store.(probe.Prober)
	t.Gomega = gomega.NewGomega(func(message string, _ ...int) { panic(ended{contract.Fail, message}) })
	t.Instance = &Instance{c: t, store: store}
	return t
}

// ended is the panic that leaves a body.
type ended struct {
	status contract.Status
	text   string
}

// judge runs the body and says how it ended.
func (t *C) judge(body func(*C)) (status contract.Status, reason, message string) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case ended:
			switch {
			case r.status == contract.Fail && t.check.requirement.Level == contract.May:
				// What is left to the store is recorded, even where it is none of what is known.
				status = contract.Pass
				t.Observe("%s", strings.Join(strings.Fields(r.text), " "))
			case r.status == contract.Fail:
				status, message = contract.Fail, t.failure(r.text)
			default:
				status, reason = r.status, r.text
			}
		default:
			status = contract.Broken
			reason = fmt.Sprintf("the check itself panicked: %v\n%s", r, debug.Stack())
		}
	}()
	body(t)
	return contract.Pass, "", ""
}

// Fail ends the check: the store violates the requirement. The text says what was wanted and what came.
func (t *C) Fail(format string, args ...any) {
	panic(ended{contract.Fail, fmt.Sprintf(format, args...)})
}

// failOfRun is Fail for what came of the calls of other checks as well.
func (t *C) failOfRun(format string, args ...any) {
	t.wholeRun = true
	t.Fail(format, args...)
}

// Skip ends the check: it does not apply to this store.
func (t *C) Skip(format string, args ...any) {
	panic(ended{contract.Skip, fmt.Sprintf(format, args...)})
}

// Inconclusive ends the attempt: it could not decide. The check is tried again with longer lives.
func (t *C) Inconclusive(format string, args ...any) {
	panic(ended{contract.Inconclusive, fmt.Sprintf(format, args...)})
}

// broken ends the check: the harness gave way.
func (t *C) broken(err error) {
	if errors.Is(err, probe.ErrDied) {
		t.metDeath(err, false)
	}
	panic(ended{contract.Broken, err.Error()})
}

// Tidy lets the sessions of this check be removed at its end from a disposable store too: those that are many, or whose ids other checks
// use.
func (t *C) Tidy() { t.tidy = true }

// Patient multiplies the time that each call of this check may take, for calls that move much data.
func (t *C) Patient(factor int) { t.leisure = time.Duration(factor) }

func (t *C) callTimeout(method string) time.Duration {
	return t.suite.patience.limit(method) * t.leisure
}

// Observe records what the store does where the requirement leaves it open.
func (t *C) Observe(format string, args ...any) { t.observed = fmt.Sprintf(format, args...) }

// Calls returns the calls so far as a failure shows them: the first and the last of many.
func (t *C) Calls() []string { return t.calls.lines() }

// CallsAbout returns the calls so far whose lines contain a text, as Calls does.
func (t *C) CallsAbout(text string) []string {
	t.calls.mu.Lock()
	defer t.calls.mu.Unlock()
	return t.calls.linesAbout(text)
}

// KeepCalls keeps all calls from now on, and not only the first and the last of many, for a check that makes many at the same time and
// tells some of them.
func (t *C) KeepCalls() {
	t.calls.mu.Lock()
	defer t.calls.mu.Unlock()
	t.calls.full = true
}

// ShowCalls replaces the calls that a failure shows; without any it forgets those so far. It is for a check that tries many things of
// which one is told.
func (t *C) ShowCalls(calls ...string) {
	t.calls.reset()
	for _, line := range calls {
		t.calls.add(line)
	}
}

// Log adds a line to the calls shown with a failure.
func (t *C) Log(format string, args ...any) { t.calls.add(fmt.Sprintf(format, args...)) }

// ID returns a fresh id of the form that express-session generates: 32 characters of base64url.
func (t *C) ID() string { return t.Tag() + t.Tag() }

// Tag returns 16 random characters of base64url that begin with a letter, for ids that are built of parts.
func (t *C) Tag() string {
	for {
		b := make([]byte, 12)
		for i := range b {
			b[i] = byte(t.Rand.Uint32())
		}
		if tag := base64.RawURLEncoding.EncodeToString(b); tag[0] >= 'A' && tag[0] <= 'Z' || tag[0] >= 'a' && tag[0] <= 'z' {
			return tag
		}
	}
}

// Session returns a session that lives for an hour with the given members: name, value, name, value.
func (t *C) Session(members ...any) *spec.Session { return t.SessionFor(time.Hour, members...) }

// SessionFor returns a session that lives for d from now on the store's clock.
func (t *C) SessionFor(d time.Duration, members ...any) *spec.Session {
	cookie := spec.NewCookie()
	cookie.SetMaxAge(t.Now(), d)
	return t.SessionWith(cookie, members...)
}

// SessionWith returns a session with a cookie.
func (t *C) SessionWith(cookie spec.Cookie, members ...any) *spec.Session {
	s := spec.NewSession(cookie)
	for i := 0; i < len(members); i += 2 {
		if err := s.Set(members[i].(string), members[i+1]); err != nil {
			t.broken(err)
		}
	}
	return s
}

// Now is the time by the clock that the store lives by.
func (t *C) Now() time.Time {
	if clock := t.suite.subject.Clock; clock != nil {
		return clock.Now()
	}
	return time.Now()
}

// Until waits until the store's clock shows at least when. An injected clock is moved there.
func (t *C) Until(when time.Time) {
	d := when.Sub(t.Now())
	if d <= 0 {
		return
	}
	// Without it what follows looks absurd to a reader.
	t.Log("… %s later …", d.Round(time.Millisecond))
	if clock := t.suite.subject.Clock; clock != nil {
		clock.Advance(d)
	} else {
		t.pause(d)
	}
}

// pause waits in real time, for what a store may do on its own after it has answered.
func (t *C) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Done():
		t.broken(fmt.Errorf("the run was stopped: %w", context.Cause(t)))
	}
}

// Injected reports whether the suite moves the store's clock.
func (t *C) Injected() bool { return t.suite.subject.Clock != nil }

// Granularity is how exactly the store keeps time.
func (t *C) Granularity() time.Duration { return t.suite.subject.granularity() }

// sameInstant reports whether the expires that get shows is the one that was set, as exactly as the store has declared to keep time.
func (t *C) sameInstant(got, want time.Time) bool {
	return got.Sub(want).Abs() <= t.suite.subject.shownWithin()
}

// Subject is what is true of the store.
func (t *C) Subject() Subject { return t.suite.subject }

// Capabilities are the optional methods that the store has.
func (t *C) Capabilities() spec.Capabilities { return t.capabilities }

// Rules are what the sequential model has to know of the store. They hold it to what is Must.
func (t *C) Rules() model.Rules {
	r := model.Rules{Granularity: t.Granularity(), Slack: slack, AddedKeys: t.suite.subject.AddedKeys}
	if t.Injected() {
		r.Slack = 0
	}
	return r
}

// TryOpenProcess opens the store in a process of its own, which is closed at the end of the check.
func (t *C) TryOpenProcess(ctx context.Context) (*Instance, error) {
	return t.tryOpen(ctx, "process", func(ctx context.Context) (spec.Store, error) { return t.suite.subject.OpenProcess(ctx) })
}

// Open opens another instance and closes it at the end of the check.
func (t *C) Open() *Instance { return t.open("instance", t.suite.subject.Open) }

// TryOpen is Open for a check in which it is the store's doing that it does not open.
func (t *C) TryOpen() (*Instance, error) { return t.tryOpen(t, "instance", t.suite.subject.Open) }

// OpenForeign opens a separate store on the same backend and closes it at the end of the check.
func (t *C) OpenForeign() *Instance {
	i := t.open("foreign", t.suite.subject.OpenForeign)
	i.foreign = true
	return i
}

func (t *C) open(name string, open func(context.Context) (spec.Store, error)) *Instance {
	i, err := t.tryOpen(t, name, open)
	if err != nil {
		t.broken(fmt.Errorf("another instance could not be opened: %w", err))
	}
	return i
}

func (t *C) tryOpen(ctx context.Context, name string, open func(context.Context) (spec.Store, error)) (*Instance, error) {
	store, err := t.suite.open(ctx, open)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i := &Instance{c: t, store: store, name: fmt.Sprintf("%s%d.", name, len(t.opened)+2)}
	t.opened = append(t.opened, i)
	return i, nil
}

// Parallel runs f(0) to f(n-1) at the same time and returns their errors, by index. f must not make assertions.
func (t *C) Parallel(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					errs[i] = asError(r)
				}
			}()
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	wg.Wait()
	for _, err := range errs {
		if errors.Is(err, probe.ErrBroken) {
			t.broken(err)
		}
	}
	return errs
}

// asError makes an error of what a goroutine of a check was left with.
func asError(recovered any) error {
	if e, ok := recovered.(ended); ok {
		if e.status == contract.Broken {
			return fmt.Errorf("%w: %s", probe.ErrBroken, e.text)
		}
		return errors.New(e.text)
	}
	return fmt.Errorf("%w: the check itself panicked: %v\n%s", probe.ErrBroken, recovered, debug.Stack())
}

// clean closes the instances that the check opened and, in a store that holds others' sessions, removes those of the check.
func (t *C) clean() {
	ctx, cancel := awake.WithTimeout(context.WithoutCancel(t), t.callTimeout("destroy"))
	defer cancel()
	for _, do := range t.atEnd {
		do(ctx)
	}
	remove := t.tidy || !t.suite.subject.Disposable
	if remove {
		t.suite.remove(ctx, t.store, t.stored)
	}
	for _, i := range t.opened {
		if remove && i.foreign {
			t.suite.remove(ctx, i.store, t.stored)
		}
		_ = i.close(ctx) // the verdict is out
	}
}

// bequeath leaves the sessions of this check to others, until the end of the run.
func (t *C) bequeath() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.suite.mu.Lock()
	defer t.suite.mu.Unlock()
	maps.Copy(t.suite.bequeathed, t.stored)
	clear(t.stored)
}

// remove destroys sessions as well as it can.
func (s *suite) remove(ctx context.Context, store spec.Store, ids map[string]bool) {
	const atOnce = 16
	tokens := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for id := range ids {
		tokens <- struct{}{}
		wg.Go(func() {
			err := guard(ctx, func(ctx context.Context) error { return store.Destroy(ctx, id) })
			s.patience.note("destroy", answered(err))
			<-tokens
		})
	}
	wg.Wait()
}

// failure is the message for a store's author: what is required, what was done, what was seen, how to see it again.
func (t *C) failure(text string) string {
	t.calls.judged(text)
	r := t.check.requirement
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.ID, r.Title)
	fmt.Fprintf(&b, "required  %s\n", r.Text)
	for i, line := range t.calls.lines() {
		label := "          "
		if i == 0 {
			label = "calls     "
		}
		b.WriteString(label + line + "\n")
	}
	b.WriteString(indent(text))
	if rerun := t.suite.options.Rerun; rerun != nil {
		id := r.ID
		if t.wholeRun {
			id = ""
		}
		if again := rerun(id, t.suite.options.Seed); again != "" {
			fmt.Fprintf(&b, "\nagain     %s", again)
		}
	}
	return b.String()
}

// indent puts the lines of a text that carry no label of their own under the labels.
func indent(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		labelled := strings.HasPrefix(line, "wanted    ") || strings.HasPrefix(line, "got       ")
		switch {
		case labelled:
		case i == 0:
			lines[i] = "got       " + line
		default:
			lines[i] = "          " + line
		}
	}
	return strings.Join(lines, "\n")
}
