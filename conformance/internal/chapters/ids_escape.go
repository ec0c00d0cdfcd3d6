package chapters

import (
	"errors"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// idsNoEscape sets, gets and destroys ids that are paths. Each call may be refused, or work inside of the store.
func idsNoEscape(t *engine.C) {
	t.Tidy()
	bystander, want := t.ID(), t.Session("tag", t.Tag())
	t.Set(bystander, want)
	around := newSurroundings(t)
	defer around.clean()
	tag := t.Tag()
	ids := []string{"../" + tag, "..\\" + tag, "a/../../" + tag, "./../" + tag, tag + "/../../" + tag + "x", "..%2f" + tag, "../" + tag + "\x00", tag + "\x00/../../" + tag}
	for up := 2; up <= around.depth; up++ {
		ids = append(ids, strings.Repeat("../", up)+tag)
	}
	ids = append(ids, around.baits...)
	for _, id := range ids {
		t.ShowCalls()
		got, err := t.TryGet(id)
		around.expectNoBait(id, got)
		around.expectIntact("get", id)
		if got == nil && err != nil {
			expectNoCrash(t, err)
		}
		session := t.Session("tag", t.Tag())
		err = t.TrySet(id, session)
		around.expectIntact("set", id)
		if err != nil {
			expectNoCrash(t, err)
		} else if got, err := t.TryGet(id); err == nil && got != nil {
			expectData(t, got, session)
		}
		if err := t.TryDestroy(id); err != nil {
			expectNoCrash(t, err)
		}
		around.expectIntact("destroy", id)
	}
	for _, id := range []string{"..", ".", "../", "./", "/"} {
		got, _ := t.TryGet(id)
		around.expectNoBait(id, got)
		if err := t.TryDestroy(id); err != nil {
			expectNoCrash(t, err)
		}
		around.expectIntact("destroy", id)
	}
	expectData(t, t.Get(bystander), want)
}

// expectNoCrash fails the check when a call has crashed.
func expectNoCrash(t *engine.C, err error) {
	if crash := (*engine.Panicked)(nil); errors.As(err, &crash) {
		t.MustSucceed("the call", err)
	}
}
