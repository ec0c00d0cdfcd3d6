package conformance

import (
	"github.com/storecheck/storecheck/spec"
)

var getChecks = []check{
	{requirement: spec.GetMissing, body: getMissing},
	{requirement: spec.GetAfterSet, body: getAfterSet},
}

func getMissing(t *C) {
	for range 3 {
		t.Expect(t.Get(t.ID())).To(BeMissing())
	}
}

func getAfterSet(t *C) {
	id, want := t.ID(), t.Session("user", map[string]any{"id": 42, "name": "Ada", "roles": []string{"admin", "editor"}}, "views", 7)
	t.Set(id, want)
	t.expectData(t.Get(id), want)
}
