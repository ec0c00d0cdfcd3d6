package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
)

// skipIncomplete skips a check of the crowd where sets failed or sessions are missing: that is no fault of all, length or clear.
func (c *crowd) skipIncomplete(t *engine.C) {
	if c.setErr != nil {
		t.Skip("a set of so many failed: %v", c.setErr)
	}
	for _, kept := range c.kept {
		if !kept {
			t.Skip("the store has not kept all of %d sessions, which is the matter of set/many", len(c.ids))
		}
	}
}

func setMany(t *engine.C) {
	c := observeCrowd(t)
	if c.setErr != nil {
		t.Fail("wanted    set to succeed\ngot       %v", c.setErr)
	}
	missing, first := 0, len(c.ids)
	for n, kept := range c.kept {
		if !kept {
			missing++
			first = min(first, n)
		}
	}
	t.Log("… %d of them are looked for …", len(c.kept))
	if missing > 0 {
		t.Fail("wanted    every one of %d sessions to be found\ngot       %d of %d missing; the first is number %d, %s",
			len(c.ids), missing, len(c.kept), first+1, phrase.Quote(c.ids[first]))
	}
}

func enumerationAllMany(t *engine.C) {
	c := observeCrowd(t)
	c.skipIncomplete(t)
	if c.listErr != nil {
		t.Fail("%v", c.listErr)
	}
	t.Log("all() → %d sessions", len(c.listed))
	times := c.listing(c.listed)
	seen, missing := 0, len(c.ids)
	for n := range c.ids {
		if times[n] > 0 {
			seen++
		} else {
			missing = min(missing, n)
		}
	}
	if seen < len(c.ids) {
		t.Fail("wanted    every one of the %d sessions that were set\ngot       %d of them; the first that is missing is number %d, %s",
			len(c.ids), seen, missing+1, phrase.Quote(c.ids[missing]))
	}
	for n, id := range c.ids {
		if times[n] > 1 {
			t.Fail("wanted    each of the %d sessions that were set once\ngot       number %d, %s, %d times", len(c.ids), n+1, phrase.Quote(id), times[n])
		}
	}
}

func enumerationLengthMany(t *engine.C) {
	c := observeCrowd(t)
	c.skipIncomplete(t)
	if !c.counted {
		t.Skip("length failed, which is the matter of enumeration/length-counts")
	}
	t.Log("length() → %d, after %d before", c.length, c.before)
	want := c.before + len(c.ids)
	// Of what was there before, some may have come to its end meanwhile.
	least := want
	if !c.exactly {
		least = len(c.ids)
	}
	if c.length < least || c.length > want {
		t.Fail("wanted    a length of %d: %d sets of new ids after a length of %d\ngot       %d", want, len(c.ids), c.before, c.length)
	}
}

func enumerationClearMany(t *engine.C) {
	c := observeCrowd(t)
	if c.setErr != nil {
		t.Skip("a set of so many failed: %v", c.setErr)
	}
	t.MustSucceed("clear", c.clearErr)
	t.Log("clear() → ok")
	t.Log("… %d of them are looked for …", c.asked)
	if len(c.left) > 0 {
		t.Fail("wanted    none of the %d sessions to be found after clear\ngot       %d of %d; the first is number %d, %s",
			len(c.ids), len(c.left), c.asked, c.left[0]+1, phrase.Quote(c.ids[c.left[0]]))
	}
}
