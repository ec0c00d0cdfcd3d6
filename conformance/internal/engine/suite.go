package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/profile"
)

// A Suite is one run of checks against one subject.
type Suite struct {
	subject  subject.Subject
	settings Settings
	checks   []Check // in the order to run

	// gate is held for reading by every check that uses the shared instance, and for writing by one that wants the store for itself.
	gate sync.RWMutex

	mu       sync.Mutex
	shared   spec.Store // the instance that checks share; nil while it is closed
	openErr  error      // why no instance is opened any more
	openings int        // of instances to share, the last one included
	timeline *timeline  // of the checks that share the store, once it runs
	apart    *timeline  // of those that do not, once it runs
	ages     *timeline  // of those for which years pass, once it runs
	kept     map[string]bool

	passing        *passing // moves a running clock; nil for another one, or none
	closings       closings
	watch          *watch // over the backend
	observations   observations
	condition      *condition // of the shared instance, and all that stand beside it
	apartCondition *condition
}

// New returns a suite that runs checks against a subject. It opens nothing yet. The caller must call [Suite.Close].
func New(s subject.Subject, settings Settings, checks []Check) *Suite {
	if s.Name == "" || s.Open == nil {
		panic("conformance: a Subject needs a Name and an Open")
	}
	suite := newSuite(s, settings)
	suite.checks = slices.Clone(checks)
	for i := range suite.checks {
		switch c := &suite.checks[i]; {
		case c.OnMachine && s.OnMachine != nil:
			c.When, c.OwnProcess = apart, true
		case c.OwnProcess && s.ProcessApart:
			c.When, c.Reopens = apart, false
		case c.InRealTime && suite.passing != nil && s.OpenReal != nil:
			c.When, c.onSystem = apart, true
		case c.Reopens && !s.Shared && (c.When == Beside || c.When == Timed):
			c.When = Exclusive
		}
	}
	slices.SortStableFunc(suite.checks, func(a, b Check) int { return a.When.order() - b.When.order() })
	return suite
}

func newSuite(s subject.Subject, settings Settings) *Suite {
	p := newPace(settings.CallTimeout)
	settings.Profile = cmp.Or(settings.Profile, profile.Default)
	return &Suite{
		subject: s, settings: settings, kept: map[string]bool{}, watch: newWatch(s.Alive), passing: newPassing(s.Clock),
		condition: newCondition(settings.CallTimeout, p), apartCondition: newCondition(settings.CallTimeout, p),
	}
}

// Checks returns the checks in the order to run.
func (s *Suite) Checks() []Check { return s.checks }

// errOver is why no check of a closed suite runs.
var errOver = errors.New("the run is over")

// Close ends the checks that still run, removes what the run has stored, unless the store is disposable, and closes the shared instance.
// Nothing is opened afterwards. An error is one of the store's Close, or the end of the store's process that no verdict tells of.
func (s *Suite) Close() error {
	s.mu.Lock()
	timelines := []*timeline{s.timeline, s.ages, s.apart}
	s.mu.Unlock()
	for _, t := range timelines {
		t.stop()
	}
	s.watch.stop()
	err := s.closeAlone()
	for _, t := range timelines {
		t.wait()
	}
	return errors.Join(err, s.condition.deaths.unexplained(), s.apartCondition.deaths.unexplained())
}

// closeAlone closes the shared instance when no check uses it any more.
func (s *Suite) closeAlone() error {
	s.gate.Lock()
	defer s.gate.Unlock()
	if s.shared != nil && !s.subject.Disposable && s.Down() == nil {
		ctx, cancel := awake.WithTimeout(context.Background(), s.settings.CallTimeout)
		defer cancel()
		s.condition.remove(ctx, s.shared, s.kept)
	}
	err := s.closeShared()
	if isCloseFault(err) {
		err = nil // a check judges it
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.openErr = errOver
	return err
}
