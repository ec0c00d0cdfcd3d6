package conformance

import "github.com/storecheck/storecheck/spec/contract"

var isolationChecks = []check{
	{requirement: contract.IsolationArgument, body: isolationArgument},
	{requirement: contract.IsolationResult, body: isolationResult},
	{requirement: contract.IsolationTwoResults, body: isolationTwoResults},
	{requirement: contract.IsolationRewrite, body: isolationRewrite},
}

func isolationArgument(t *C) {
	t.expectLive()
	id := t.ID()
	t.change(t.setLive(id, t.changeable()))
	t.expectUnchanged(t.read(t.getLive(id)))
}

func isolationResult(t *C) {
	t.expectLive()
	id := t.ID()
	t.Set(id, t.changeable())
	t.change(t.getLive(id))
	t.expectUnchanged(t.read(t.getLive(id)))
}

func isolationTwoResults(t *C) {
	t.expectLive()
	id := t.ID()
	t.Set(id, t.changeable())
	first, second := t.getLive(id), t.getLive(id)
	t.change(first)
	t.expectUnchanged(t.read(second))

	// Gets that run at the same time may share one read of the backend, and must not share its result.
	for range 5 {
		var both [2]live
		for _, err := range t.Parallel(len(both), func(i int) error {
			both[i] = t.getLive(id)
			return nil
		}) {
			if err != nil {
				t.Fail("wanted    gets that run at the same time to succeed\ngot       %v", err)
			}
		}
		t.change(both[0])
		t.expectUnchanged(t.read(both[1]))
	}
}

func isolationRewrite(t *C) {
	t.expectLive()
	id := t.ID()
	l := t.setLive(id, t.changeable())
	t.change(l)
	t.setAgain(id, l)
	reader := t.Instance
	if t.suite.subject.Shared {
		reader = t.Open()
	}
	got := reader.Get(id)
	if got == nil {
		t.Expect(got).NotTo(BeMissing())
	}
	for _, a := range changes {
		if !a.shows(got.JSON()) {
			t.Fail("wanted    the change %s to be stored\ngot       %s", a, got)
		}
	}
}
