package conformance

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// A blocked store is one whose process answers nothing any more.
type blocked struct {
	spec.Store
	probe.Prober
}

func (blocked) Do(ctx context.Context, _ probe.Call) (probe.Outcome, error) {
	<-ctx.Done()
	return probe.Outcome{}, ctx.Err()
}

// A probe that is not answered at all says that the process may be blocked, and the process counts as gone.
func TestProbeOfBlockedProcess(t *testing.T) {
	s := &suite{}
	s.patience.full = 10 * time.Millisecond
	c := newC(t.Context(), s, check{requirement: spec.GetMissing}, 0, 0, blocked{})
	status, reason, _ := c.judge(func(c *C) { c.Probe(probe.Call{Method: "get", ID: "a"}) })
	if status != spec.Broken || !strings.Contains(reason, "its event loop may be blocked") {
		t.Errorf("%s %q", status, reason)
	}
	if !c.met.inCall {
		t.Error("its process does not count as gone")
	}
}
