package crash

import (
	"context"
	"errors"
	"testing"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A finding fails its requirement. Without a finding a requirement holds only when it was possible to find something.
func TestCrashVerdict(t *testing.T) {
	opens, whole, lists, cleared := contract.DurabilityCrashOpens, contract.DurabilityCrashWhole, contract.DurabilityCrashLists, contract.DurabilityCrashCleared
	seen := observation{capabilities: spec.Capabilities{All: true, Clear: true}, kills: 2, inFlight: 3, acknowledged: 4}
	stopped, unmet, unacknowledged, idle, closed, unlisted, uncleared := seen, seen, seen, seen, seen, seen, seen
	closed.closed, unlisted.unlisted, uncleared.uncleared = true, "all fails in any case", "clear fails in any case"
	stopped.stopped, unmet.inFlight, unacknowledged.acknowledged, idle.idle = "no process could be started", 0, 0, "it loses sessions in any case"
	for _, c := range []struct {
		name  string
		seen  observation
		found *contract.Requirement
		want  map[*contract.Requirement]contract.Status
	}{
		{"all is well", seen, nil, map[*contract.Requirement]contract.Status{opens: contract.Pass, whole: contract.Pass}},
		{"torn", seen, whole, map[*contract.Requirement]contract.Status{opens: contract.Pass, whole: contract.Fail}},
		{"closed", closed, opens, map[*contract.Requirement]contract.Status{opens: contract.Fail, whole: contract.Skip}},
		{"an id stays locked", seen, opens, map[*contract.Requirement]contract.Status{opens: contract.Fail, whole: contract.Pass}},
		{"lists nothing in any case", unlisted, nil, map[*contract.Requirement]contract.Status{whole: contract.Pass, lists: contract.Skip}},
		{"clears nothing in any case", uncleared, nil, map[*contract.Requirement]contract.Status{whole: contract.Pass, cleared: contract.Skip}},
		{"a clear is undone", seen, cleared, map[*contract.Requirement]contract.Status{whole: contract.Pass, cleared: contract.Fail}},
		{"closed after a clear", uncleared, opens, map[*contract.Requirement]contract.Status{opens: contract.Fail, whole: contract.Pass, cleared: contract.Skip}},
		{"stopped", stopped, nil, map[*contract.Requirement]contract.Status{opens: contract.Inconclusive, whole: contract.Inconclusive, cleared: contract.Inconclusive}},
		{"torn and then stopped", stopped, whole, map[*contract.Requirement]contract.Status{opens: contract.Inconclusive, whole: contract.Fail}},
		{"no kill met a call", unmet, nil, map[*contract.Requirement]contract.Status{opens: contract.Inconclusive, whole: contract.Inconclusive, cleared: contract.Pass}},
		{"nothing was acknowledged", unacknowledged, nil, map[*contract.Requirement]contract.Status{opens: contract.Inconclusive, whole: contract.Inconclusive}},
		{"idle", idle, nil, map[*contract.Requirement]contract.Status{opens: contract.Skip, whole: contract.Skip}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.found != nil {
				c.seen.found = map[*contract.Requirement]finding{c.found: {}}
			}
			for r, want := range c.want {
				body := suiteOf(killable).NewC(t.Context(), r, nil, 0)
				killsOfRun.Observe(body, func() *observation { return &c.seen })
				if got := body.Judge(afterKills); got.Status != want {
					t.Errorf("%s: %s %s, want %s", r.ID, got.Status, got.Reason, want)
				}
			}
		})
	}
}

// killable is a subject to which every check of the chapter applies.
var killable = subject.Subject{
	Durable: true, Disposable: true,
	OpenProcess: func(context.Context) (subject.Process, error) { return nil, errors.New("there is none") },
}
