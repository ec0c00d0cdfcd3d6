package engine

import (
	"context"
	"slices"
	"sync"

	"github.com/storecheck/storecheck/spec/contract"
)

// Verdict runs a check, or waits for it where it runs on a timeline. The first verdict starts the checks that run apart, the first check
// that is neither first nor exclusive those that share the store. When the run has ended early it returns at once: what still runs then is left behind, and
// ends because its context does.
func (s *Suite) Verdict(ctx context.Context, c Check) contract.Verdict {
	s.watch.start(ctx)
	if s.watch.ended() != nil {
		return s.reached(c)
	}
	pending, stopped := s.pending(ctx, c), ctx.Done()
	if pending == nil {
		pending, stopped = make(chan contract.Verdict, 1), nil // the check itself ends with ctx
		go func() { pending <- s.run(ctx, c) }()
	}
	select {
	case v := <-pending:
		pending <- v
		return s.confirmed(ctx, c, v)
	case <-s.watch.run.Done():
		return s.reached(c)
	case <-stopped:
		return contract.Verdict{ID: c.Requirement.ID, Status: contract.Broken, Reason: "the run was stopped: " + context.Cause(ctx).Error()}
	}
}

// pending returns where the verdict of a check will be, nil when it does not run on a timeline.
func (s *Suite) pending(ctx context.Context, c Check) chan contract.Verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.apart == nil {
		s.apart = s.newTimeline(ctx, apart)
	}
	// A clock that stands still the suite moves for one check after the other, which tells best what is wrong.
	if c.When != First && c.When != Exclusive && s.timeline == nil && (s.subject.Clock == nil || s.passing != nil) {
		s.timeline = s.newTimeline(ctx, Beside, Timed)
	}
	if c.When == Ages && s.ages == nil && s.passing != nil {
		s.ages = s.newTimeline(ctx, Ages)
	}
	if c.When == Ages {
		return s.ages.verdict(c.Requirement.ID)
	}
	if c.When == apart {
		return s.apart.verdict(c.Requirement.ID)
	}
	return s.timeline.verdict(c.Requirement.ID)
}

// sideBySide is how many of the checks that do not wait for time run at once. A store that is slow to answer is asked by several; a check
// that waits on the timeline must not come late for it.
const sideBySide = 6

// A timeline runs checks side by side: the timed ones all at once, the others a few at a time. The timed checks cost together what the
// longest of them costs. A nil timeline runs nothing.
type timeline struct {
	cancel   context.CancelFunc
	verdicts map[string]chan contract.Verdict // by id, each of one verdict
	running  sync.WaitGroup
}

// newTimeline starts the checks of some kinds.
func (s *Suite) newTimeline(ctx context.Context, kinds ...When) *timeline {
	// A driver's context may end with one check; the timeline's must not.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	t := &timeline{cancel: cancel, verdicts: map[string]chan contract.Verdict{}}
	slots := make(chan struct{}, sideBySide)
	for _, c := range s.checks {
		if c.When == Ages && slices.Contains(kinds, Ages) {
			s.passing.await(1) // each begins in the same year
		}
	}
	for _, c := range s.checks {
		if !slices.Contains(kinds, c.When) {
			continue
		}
		done := make(chan contract.Verdict, 1)
		t.verdicts[c.Requirement.ID] = done
		t.running.Go(func() {
			if c.When == Beside {
				slots <- struct{}{}
				defer func() { <-slots }()
			}
			if c.When != apart {
				s.condition.pace.beginCheck(ctx)
				defer s.condition.pace.endCheck()
			}
			done <- s.run(ctx, c)
		})
	}
	return t
}

// verdict returns where the verdict on a requirement will be, nil when its check does not run here.
func (t *timeline) verdict(id string) chan contract.Verdict {
	if t == nil {
		return nil
	}
	return t.verdicts[id]
}

func (t *timeline) stop() {
	if t != nil {
		t.cancel()
	}
}

func (t *timeline) wait() {
	if t != nil {
		t.running.Wait()
	}
}
