package engine

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/onsi/gomega"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/model"
	"github.com/storecheck/storecheck/spec/probe"
	"github.com/storecheck/storecheck/spec/profile"
)

// C is what the body of a check works with: the store, the clock, fresh ids and sessions, assertions, and the ways to end. All of it is
// bound to one attempt of one check. Several goroutines may call the store; only the body's own goroutine makes assertions.
type C struct {
	context.Context
	gomega.Gomega
	// Instance is the instance that checks share.
	*Instance
	// Rand gives the random values of this requirement: the same ones for the same seed.
	Rand *rand.Rand

	suite        *Suite
	check        Check
	try          try
	capabilities spec.Capabilities
	prober       probe.Prober
	condition    *condition
	log          callLog
	observed     string
	cause        string
	wholeRun     bool // other checks have brought about what was found as well
	tidy         bool
	timeFactor   time.Duration // of a call
	waitsInFull  bool          // for each call, though others have hung

	mu     sync.Mutex
	opened []*Instance
	stored map[string]bool         // ids that may hold a session of this check
	atEnd  []func(context.Context) // in the order in which they run, before sessions are removed and instances closed
	met    meeting
}

func newC(ctx context.Context, s *Suite, c Check, n try, store spec.Store) *C {
	t := &C{
		Context: ctx, suite: s, check: c, try: n,
		capabilities: spec.CapabilitiesOf(store),
		stored:       map[string]bool{},
		timeFactor:   1,
		condition:    s.conditionOf(c),
	}
	t.Reseed(c.Requirement.ID, uint64(n.retry)<<32)
	t.prober, _ = store.(probe.Prober)
	t.Gomega = gomega.NewGomega(func(message string, _ ...int) { panic(Ended{contract.Fail, message}) })
	t.Instance = &Instance{c: t, store: store}
	return t
}

// Reseed makes Rand begin anew with the stream of a name and a number: whichever check asks first then sees the same values.
func (t *C) Reseed(name string, n uint64) {
	h := fnv.New64a()
	h.Write([]byte(name))
	t.Rand = rand.New(rand.NewPCG(t.suite.settings.Seed, h.Sum64()+uint64(t.try.attempt)+n))
}

// Ended is the panic that leaves a body.
type Ended struct {
	Status contract.Status
	Text   string
}

// judge runs the body and says how it ended.
func (t *C) judge(body func(*C)) (status contract.Status, reason, message string) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case Ended:
			switch {
			case r.Status == contract.Fail && t.check.Requirement.Level == contract.May:
				// A May requirement never fails: even unknown behaviour is recorded.
				status = contract.Pass
				t.Observe("%s", strings.Join(strings.Fields(r.Text), " "))
			case r.Status == contract.Fail:
				status, message = contract.Fail, t.failure(r.Text)
			default:
				status, reason = r.Status, r.Text
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
	panic(Ended{contract.Fail, fmt.Sprintf(format, args...)})
}

// FailOfRun is Fail for what the calls of other checks have brought about as well.
func (t *C) FailOfRun(format string, args ...any) {
	t.SetWholeRun(true)
	t.Fail(format, args...)
}

// SetWholeRun says whether the calls of other checks have to do with what this one finds.
func (t *C) SetWholeRun(wholeRun bool) { t.wholeRun = wholeRun }

// Skip ends the check: it does not apply to this store.
func (t *C) Skip(format string, args ...any) {
	panic(Ended{contract.Skip, fmt.Sprintf(format, args...)})
}

// Inconclusive ends the attempt: it could not decide. The check is tried again with longer lives.
func (t *C) Inconclusive(format string, args ...any) {
	panic(Ended{contract.Inconclusive, fmt.Sprintf(format, args...)})
}

// Broken ends the check: the harness gave way.
func (t *C) Broken(err error) {
	t.meetDeathOf(err)
	panic(Ended{contract.Broken, err.Error()})
}

// Observe records what the store does where the requirement leaves it open.
func (t *C) Observe(format string, args ...any) { t.observed = fmt.Sprintf(format, args...) }

// Cause records what lies behind the failure that the check is about to report, in one sentence, where it has seen that.
func (t *C) Cause(format string, args ...any) { t.cause = fmt.Sprintf(format, args...) }

// Requirement is what the check proves.
func (t *C) Requirement() *contract.Requirement { return t.check.Requirement }

// Profile is the contract by which the store is judged.
func (t *C) Profile() *profile.Profile { return t.suite.settings.Profile }

// JudgesEnds reports whether the check may fail because a session is found that has ended. Where the middleware refuses such a session itself, a
// store that answers with it violates no Must.
func (t *C) JudgesEnds() bool {
	return !t.Profile().MayOutlive || t.check.Requirement.Level != contract.Must
}

// Attempt counts the attempts of the check that could not decide.
func (t *C) Attempt() int { return t.try.attempt }

// Suite is the run that the check belongs to.
func (t *C) Suite() *Suite { return t.suite }

// Subject is what is true of the store.
func (t *C) Subject() *subject.Subject { return &t.suite.subject }

// Depth is how much is tried.
func (t *C) Depth() subject.Depth { return t.suite.settings.Depth }

// Capabilities are the optional methods that the store has.
func (t *C) Capabilities() spec.Capabilities { return t.capabilities }

// SetCapabilities tells the optional methods of a store that was opened in another way than the shared instance.
func (t *C) SetCapabilities(c spec.Capabilities) { t.capabilities = c }

// SetProber tells what is to be seen of a store that was opened in another way than the shared instance; nil for a store in this process.
func (t *C) SetProber(p probe.Prober) { t.prober = p }

// Prober is the shared instance as a store that can be probed, nil for a store in this process.
func (t *C) Prober() probe.Prober { return t.prober }

// LostCallback reports whether some call of the run was left without its callback. Then a late callback need not be the second one.
func (t *C) LostCallback() bool { return t.condition.patience.lostCallback() }

// Rules are what the sequential model has to know of the store. They hold it to what is Must.
func (t *C) Rules() model.Rules {
	r := model.Rules{Granularity: t.Granularity(), Slack: Slack, AddedKeys: t.suite.subject.AddedKeys, MayOutlive: !t.JudgesEnds()}
	if t.Injected() {
		r.Slack = 0
	}
	return r
}
