package engine

import (
	"context"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// Standalone runs a body, which is no check of the schedule, on a store of its own, and closes the store. How that store answers says nothing
// of others. The verdict has the calls as a failure shows them; calls has all of them.
func (s *Suite) Standalone(ctx context.Context, r *contract.Requirement, store spec.Store, body func(*C)) (v contract.Verdict, calls []string) {
	defer s.passing.enter(1)()
	t := s.NewC(ctx, r, store, 0)
	t.condition = newCondition(s.settings.CallTimeout, s.condition.pace)
	t.opened = append(t.opened, t.Instance)
	defer t.clean()
	v = t.Judge(body)
	return v, t.log.all()
}

// NewC returns what a body works with, outside of the schedule. Nothing that it opens is closed.
func (s *Suite) NewC(ctx context.Context, r *contract.Requirement, store spec.Store, attempt int) *C {
	return newC(ctx, s, Check{Requirement: r}, try{attempt: attempt}, store)
}

// Judge runs a body and returns how it ended.
func (t *C) Judge(body func(*C)) (v contract.Verdict) {
	v.ID = t.check.Requirement.ID
	v.Status, v.Reason, v.Message = t.judge(body)
	v.Calls = t.log.lines()
	return v
}
