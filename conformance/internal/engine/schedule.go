package engine

import (
	"context"
	"sync"

	"github.com/storecheck/storecheck/spec/contract"
)

// Verdict runs a check, or waits for it where it runs on the timeline. The first check that is not exclusive starts the timeline.
func (s *Suite) Verdict(ctx context.Context, c Check) contract.Verdict {
	if c.When != Exclusive && s.subject.Clock == nil {
		s.startTimeline(ctx)
	}
	s.mu.Lock()
	timeline := s.timeline
	s.mu.Unlock()
	pending := timeline.verdict(c.Requirement.ID)
	if pending == nil {
		return s.run(ctx, c)
	}
	select {
	case v := <-pending:
		pending <- v
		return v
	case <-ctx.Done():
		return contract.Verdict{ID: c.Requirement.ID, Status: contract.Broken, Reason: "the run was stopped: " + context.Cause(ctx).Error()}
	}
}

// sideBySide is how many of the checks that do not wait for time run at once. A store that is slow to answer is asked by several; a check
// that waits on the timeline must not come late for it.
const sideBySide = 6

// A timeline runs the timed checks all at once, and beside them the others that share the store, a few at a time. The timed checks cost
// together what the longest of them costs. A nil timeline runs nothing.
type timeline struct {
	cancel   context.CancelFunc
	verdicts map[string]chan contract.Verdict // by id, each of one verdict
	running  sync.WaitGroup
}

func (s *Suite) startTimeline(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timeline != nil {
		return
	}
	// A driver's context may end with one check; the timeline's must not.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.timeline = &timeline{cancel: cancel, verdicts: map[string]chan contract.Verdict{}}
	slots := make(chan struct{}, sideBySide)
	for _, c := range s.checks {
		if c.When != Timed && c.When != Beside {
			continue
		}
		done := make(chan contract.Verdict, 1)
		s.timeline.verdicts[c.Requirement.ID] = done
		s.timeline.running.Go(func() {
			if c.When == Beside {
				slots <- struct{}{}
				defer func() { <-slots }()
			}
			done <- s.run(ctx, c)
		})
	}
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
