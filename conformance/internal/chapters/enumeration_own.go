package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
)

func enumerationOwnOnly(t *engine.C) {
	if !t.Capabilities().All && !t.Capabilities().Length && !t.Capabilities().Clear {
		t.Skip("the store has neither all nor length nor clear")
	}
	foreign := t.OpenForeign()
	for _, pair := range [][2]*engine.Instance{{t.Instance, foreign}, {foreign, t.Instance}} {
		own, other := pair[0], pair[1]
		setMarked(t, own, 1)
		before := 0
		if t.Capabilities().Length {
			before = own.Length()
		}
		theirs := setMarkedAs(t, other, t.ID(), afterDifference(t.ID()), afterDifference(t.ID()))
		if t.Capabilities().All {
			elements := allElementsOn(t, own)
			for _, l := range theirs {
				if len(l.in(elements)) > 0 {
					t.Fail("wanted    the store's own sessions\ngot       %s of the other store as well", phrase.Session(l.session))
				}
			}
		}
		if t.Capabilities().Length {
			if after := own.Length(); after > before {
				t.Fail("wanted    a length of %d: only the other store was written to\ngot       %d", before, after)
			}
		}
		if t.Capabilities().Clear {
			own.Clear()
			for _, l := range theirs {
				expectData(t, other.Get(l.id), l.session)
			}
		}
		for _, l := range theirs {
			other.Destroy(l.id)
		}
	}
}
