package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
)

var isolationChecks = []engine.Check{
	{Requirement: contract.IsolationArgument, Body: isolationArgument},
	{Requirement: contract.IsolationResult, Body: isolationResult},
	{Requirement: contract.IsolationTwoResults, Body: isolationTwoResults},
	{Requirement: contract.IsolationAll, Body: isolationAll},
	{Requirement: contract.IsolationRewrite, Body: isolationRewrite},
}

func isolationArgument(t *engine.C) {
	needLive(t)
	id := t.ID()
	changeLive(t, setLive(t, id, changeableSession(t)))
	expectUnchanged(t, readLive(t, getLive(t, id)))
}

func isolationResult(t *engine.C) {
	needLive(t)
	id := t.ID()
	t.Set(id, changeableSession(t))
	changeLive(t, getLive(t, id))
	expectUnchanged(t, readLive(t, getLive(t, id)))
}

func isolationTwoResults(t *engine.C) {
	needLive(t)
	id := t.ID()
	t.Set(id, changeableSession(t))
	first, second := getLive(t, id), getLive(t, id)
	changeLive(t, first)
	expectUnchanged(t, readLive(t, second))

	// Gets at the same time may share one read of the backend. They must not share its result.
	for range 5 {
		var both [2]liveObject
		for _, err := range t.Parallel(len(both), func(i int) error {
			both[i] = getLive(t, id)
			return nil
		}) {
			if err != nil {
				t.Fail("wanted    gets that run at the same time to succeed\ngot       %v", err)
			}
		}
		changeLive(t, both[0])
		expectUnchanged(t, readLive(t, both[1]))
	}
}

func isolationRewrite(t *engine.C) {
	needLive(t)
	id := t.ID()
	l := setLive(t, id, changeableSession(t))
	changeLive(t, l)
	setLiveAgain(t, id, l)
	reader := t.Instance
	if t.Subject().Shared {
		reader = t.Open()
	}
	got := reader.Get(id)
	if got == nil {
		t.Expect(got).NotTo(compare.BeMissing())
	}
	for _, a := range changesOf(t) {
		if !a.shows(got.JSON()) {
			t.Fail("wanted    the change %s to be stored\ngot       %s", a, got)
		}
	}
}
