package chapters

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// littleChanges are pairs of data that a store may take for the same: one that writes only what has changed, and looks for that at a sum, at
// sorted values, at lengths or with a loose comparison.
var littleChanges = [][2]string{
	{`["tea","milk","bread"]`, `["bread","milk","tea"]`},
	{`[{"id":1,"n":2},{"id":2,"n":1}]`, `[{"id":2,"n":1},{"id":1,"n":2}]`},
	{`[1,1,2]`, `[1,2,2]`},
	{`[[1,2],[3]]`, `[[1],[2,3]]`},
	{`["ab","c"]`, `["a","bc"]`},
	{`{"ab":"c"}`, `{"a":"bc"}`},
	{`{"a":1,"b":2}`, `{"a":2,"b":1}`},
	{`{"a":{"x":1},"b":{}}`, `{"a":{},"b":{"x":1}}`},
	{`{"x":1}`, `{"y":1}`},
	{`1`, `"1"`},
	{`true`, `"true"`},
	{`0`, `false`},
	{`""`, `0`},
	{`null`, `0`},
	{`[]`, `{}`},
	{`[]`, `""`},
	{`1`, `1.5`},
	{`1700000000001`, `1700000000002`},
	{`"Ada"`, `"ada"`},
	{`"Ada"`, `"Ada "`},
	{`"ab"`, `"ba"`},
	{longBut('a'), longBut('b')},
}

// longBut returns a long text with a character in its middle.
func longBut(c rune) string {
	return `"` + strings.Repeat("tea ", 1000) + string(c) + strings.Repeat(" milk", 1000) + `"`
}

// littleTime is how long little changes are looked at. A slow store is asked for some of them.
const littleTime = 2 * time.Second

// A littleChange is a session that replaces another, which differs in little.
type littleChange struct {
	id, control   string
	before, after *spec.Session
}

// expectLittleChanges sets one of each pair over the other, with the same cookie and so with the same end.
func expectLittleChanges(t *engine.C) {
	cookie := t.Session().Cookie
	var changes []littleChange
	for _, n := range t.Rand.Perm(len(littleChanges)) {
		one := t.SessionWith(cookie, "data", json.RawMessage(littleChanges[n][0]))
		other := t.SessionWith(cookie, "data", json.RawMessage(littleChanges[n][1]))
		changes = append(changes, littleChange{t.ID(), t.ID(), one, other}, littleChange{t.ID(), t.ID(), other, one})
	}
	start := time.Now()
	for some := range slices.Chunk(changes, 4) {
		if time.Since(start) > littleTime {
			return
		}
		for i, err := range t.Parallel(len(some), func(i int) error { return some[i].make(t) }) {
			if err != nil {
				t.ShowCallsAbout(some[i].id)
				t.Fail("%v", err)
			}
		}
	}
}

// make makes the change and returns an error when it is not stored. Other requirements judge what the store cannot keep under an id of its own.
func (l littleChange) make(t *engine.C) error {
	for _, s := range []*spec.Session{l.before, l.after} {
		if err := t.TrySet(l.id, s); err != nil {
			return fmt.Errorf("wanted    set to succeed\ngot       %w", err)
		}
	}
	got, err := t.TryGet(l.id)
	if err != nil {
		return fmt.Errorf("wanted    get to succeed\ngot       %w", err)
	}
	if got != nil && l.isAfter(t, got) {
		return nil
	}
	if !l.isKeptAlone(t) {
		return nil
	}
	return fmt.Errorf("wanted    the data of %s, which was set over %s\ngot       %s", phrase.Session(l.after), phrase.Session(l.before), phrase.Session(got))
}

// isAfter reports whether a session has the data of the one that was set last.
func (l littleChange) isAfter(t *engine.C, got *spec.Session) bool {
	return compare.Data(l.after, got, t.Subject().AddedKeys) == ""
}

// isKeptAlone reports whether the session is stored as it is under an id that holds nothing before.
func (l littleChange) isKeptAlone(t *engine.C) bool {
	if t.TrySet(l.control, l.after) != nil {
		return true
	}
	got, err := t.TryGet(l.control)
	return err == nil && got != nil && l.isAfter(t, got)
}
