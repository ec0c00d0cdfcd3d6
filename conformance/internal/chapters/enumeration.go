package chapters

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var enumerationChecks = []engine.Check{
	{Requirement: contract.EnumerationAllCollection, Body: allCollection},
	{Requirement: contract.EnumerationAllElements, Body: allElements},
	{Requirement: contract.EnumerationAllLive, Body: allLive},
	{Requirement: contract.EnumerationAllNothingElse, Body: allNothingElse, When: engine.Exclusive},
	{Requirement: contract.EnumerationAllEmpty, Body: allEmpty, When: engine.Exclusive},
	{Requirement: contract.EnumerationAllOddIDs, Body: allOddIDs},
	{Requirement: contract.EnumerationAllMany, Body: allMany},
	{Requirement: contract.EnumerationLengthCounts, Body: lengthCounts, When: engine.Exclusive},
	{Requirement: contract.EnumerationLengthReset, Body: lengthReset, When: engine.Exclusive},
	{Requirement: contract.EnumerationLengthDestroy, Body: lengthDestroy, When: engine.Exclusive},
	{Requirement: contract.EnumerationClearEmpties, Body: clearEmpties, When: engine.Exclusive},
	{Requirement: contract.EnumerationClearEmpty, Body: clearEmpty, When: engine.Exclusive},
	{Requirement: contract.EnumerationClearLaterSets, Body: clearLaterSets, When: engine.Exclusive},
	{Requirement: contract.EnumerationOwnOnly, Body: ownOnly, When: engine.Exclusive},
}

// collection returns the elements of what all answers with, whether they are sessions or not.
func collection(t *engine.C) []json.RawMessage { return collectionOf(t, t.Instance) }

func collectionOf(t *engine.C, i *engine.Instance) []json.RawMessage {
	if !t.Has(contract.NeedCallbacks) {
		var elements []json.RawMessage
		for _, s := range i.All() {
			if s == nil {
				elements = append(elements, json.RawMessage("null"))
			} else {
				elements = append(elements, s.JSON())
			}
		}
		return elements
	}
	out := i.Probe(probe.Call{Method: "all"})
	i.MustSucceed("all", out.Err("all"))
	elements, ok := elementsOf(out.Value)
	if !ok {
		t.Fail("wanted    an array, or an object with the ids as keys\ngot       %s", phrase.Outcome("all", out))
	}
	return elements
}

// elementsOf returns the elements of an array or the values of an object, also where two keys are the same.
func elementsOf(text json.RawMessage) ([]json.RawMessage, bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	open, err := d.Token()
	if err != nil || open != json.Delim('[') && open != json.Delim('{') {
		return nil, false
	}
	var elements []json.RawMessage
	for d.More() {
		if open == json.Delim('{') {
			if _, err := d.Token(); err != nil {
				return nil, false
			}
		}
		var e json.RawMessage
		if err := d.Decode(&e); err != nil {
			return nil, false
		}
		elements = append(elements, e)
	}
	return elements, true
}

// A listed session is one that all is expected to have.
type listed struct {
	id, marker string
	session    *spec.Session
}

// list sets n sessions, each with a marker.
func list(t *engine.C, i *engine.Instance, n int) []listed {
	sessions := make([]listed, n)
	for k := range sessions {
		sessions[k] = newListed(t, t.ID())
		i.Set(sessions[k].id, sessions[k].session)
	}
	return sessions
}

func newListed(t *engine.C, id string) listed {
	marker := t.Tag()
	return listed{id, marker, t.Session(engine.Marker, marker, "user", map[string]any{"name": "Ada", "number": 42})}
}

// in returns the elements that hold the session, in whatever shape.
func (l listed) in(elements []json.RawMessage) (found []json.RawMessage) {
	for _, e := range elements {
		if bytes.Contains(e, []byte(l.marker)) {
			found = append(found, e)
		}
	}
	return found
}

// data returns the object with the marker inside an element: the element itself, something inside it, or text that is such an object.
func (l listed) data(element []byte) (json.RawMessage, bool) {
	if !bytes.Contains(element, []byte(l.marker)) {
		return nil, false
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(element, &members) == nil {
		if string(members[engine.Marker]) == `"`+l.marker+`"` {
			return element, true
		}
		for _, m := range members {
			if data, ok := l.data(m); ok {
				return data, true
			}
		}
	}
	var elements []json.RawMessage
	if json.Unmarshal(element, &elements) == nil {
		for _, e := range elements {
			if data, ok := l.data(e); ok {
				return data, true
			}
		}
	}
	var text string
	if json.Unmarshal(element, &text) == nil {
		return l.data([]byte(text))
	}
	return nil, false
}

// diff says where an element's data is not what was set. The id may have been added to it.
func (l listed) diff(t *engine.C, element json.RawMessage) string {
	data, ok := l.data(element)
	if !ok {
		return "no object in it has the session's members: " + phrase.Text(string(element))
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err.Error()
	}
	delete(members, "cookie")
	for _, name := range t.Subject().AddedKeys {
		delete(members, name)
	}
	id, _ := json.Marshal(l.id)
	for name, value := range members {
		if _, wanted := l.session.Raw(name); !wanted && bytes.Equal(value, id) {
			delete(members, name)
		}
	}
	got, _ := json.Marshal(members)
	want := map[string]json.RawMessage{}
	for name, value := range l.session.Members() {
		if slices.Contains(t.Subject().AddedKeys, name) {
			continue // a store that adds it to its argument too
		}
		want[name] = value
	}
	wanted, _ := json.Marshal(want)
	return spec.Diff(wanted, got)
}

// expectListed looks for a session, once and with its data.
func expectListed(t *engine.C, elements []json.RawMessage, l listed) {
	found := l.in(elements)
	switch {
	case len(found) == 0:
		t.Fail("wanted    %s among the sessions of all\ngot       %d sessions without it", phrase.Session(l.session), len(elements))
	case len(found) > 1:
		t.Fail("wanted    %s once\ngot       it %d times", phrase.Session(l.session), len(found))
	}
	if diff := l.diff(t, found[0]); diff != "" {
		t.Fail("wanted    the data of %s\ngot       %s", phrase.Session(l.session), diff)
	}
}

func allCollection(t *engine.C) {
	list(t, t.Instance, 1)
	collection(t)
}

func allElements(t *engine.C) {
	var sessions [2]listed
	for k := range sessions {
		sessions[k] = newListed(t, t.ID())
		// By its path a cookie is known again.
		sessions[k].session.Cookie.SetPath("/" + t.Tag())
		t.Set(sessions[k].id, sessions[k].session)
	}
	elements := collection(t)
	for _, l := range sessions {
		for _, e := range l.in(elements) {
			var members map[string]json.RawMessage
			var cookie *struct{ Path *string }
			_ = json.Unmarshal(e, &members)
			_ = json.Unmarshal(members["cookie"], &cookie)
			if cookie == nil || members[engine.Marker] == nil {
				t.Fail("wanted    an element that is a session, such as %s\ngot       %s", phrase.Session(l.session), phrase.Text(string(e)))
			}
			if cookie.Path != nil && *cookie.Path != l.session.Cookie.Path() {
				t.Fail("wanted    a session with its own cookie, as in %s\ngot       %s", phrase.Session(l.session), phrase.Text(string(e)))
			}
		}
	}
}

func allLive(t *engine.C) {
	sessions := list(t, t.Instance, 10)
	again := newListed(t, sessions[3].id)
	t.Set(again.id, again.session)
	old := sessions[3]
	sessions[3] = again
	elements := collection(t)
	for _, l := range sessions {
		expectListed(t, elements, l)
	}
	if len(old.in(elements)) > 0 {
		t.Fail("wanted    what was last set under each id\ngot       %s, which was replaced", phrase.Session(old.session))
	}
}

// prepare empties a disposable store where that can be done, and tells whether it is empty. That clear works is not the question here.
func prepare(t *engine.C) (empty bool) {
	if !t.Capabilities().Clear {
		return false
	}
	l := list(t, t.Instance, 1)[0]
	if err := t.TryClear(); err != nil {
		return false
	}
	got, _ := t.TryGet(l.id)
	return got == nil
}

func allNothingElse(t *engine.C) {
	before := 0
	if !prepare(t) {
		before = len(collection(t))
	}
	sessions := list(t, t.Instance, 6)
	destroyed, live := sessions[:3], sessions[3:]
	for _, l := range destroyed {
		t.Destroy(l.id)
	}
	elements := collection(t)
	for _, l := range destroyed {
		if len(l.in(elements)) > 0 {
			t.Fail("wanted    live sessions only\ngot       %s, which was destroyed", phrase.Session(l.session))
		}
	}
	var others []string
	for _, e := range elements {
		ours := false
		for _, l := range live {
			ours = ours || bytes.Contains(e, []byte(l.marker))
		}
		if !ours {
			others = append(others, phrase.Text(string(e)))
		}
	}
	if len(others) > before {
		t.Fail("wanted    the %d sessions that were set and live, beside the %d that all had before\ngot       %d others: %s",
			len(live), before, len(others), strings.Join(others[:min(3, len(others))], ", "))
	}
}

func allEmpty(t *engine.C) {
	if !prepare(t) {
		t.Skip("the store cannot be emptied: its clear leaves a session behind")
	}
	if elements := collection(t); len(elements) > 0 {
		t.Fail("wanted    an empty collection\ngot       %d elements: %s", len(elements), phrase.Text(string(elements[0])))
	}
}

func allOddIDs(t *engine.C) {
	t.Tidy()
	for _, id := range []string{"__proto__", "constructor"} {
		l := newListed(t, id)
		if err := t.TrySet(id, l.session); err != nil {
			t.Skip("the store refuses the id %s: %v", id, err)
		}
		if t.Get(id) == nil {
			t.Skip("the store does not keep a session under the id %s; see ids/prototype-names", id)
		}
		if elements := collection(t); len(l.in(elements)) == 0 {
			t.Fail("wanted    the session of the id %s among those of all\ngot       %d sessions without it", id, len(elements))
		}
	}
}

func allMany(t *engine.C) {
	const (
		many   = 3000
		atOnce = 50
		most   = 5 * time.Second // for the sets
	)
	t.Tidy()
	t.Patient(4)
	prefix := t.Tag()
	marker := func(n int) string { return fmt.Sprintf("%s-%04d", prefix, n) }
	ids := make([]string, many)
	for n := range ids {
		ids[n] = t.ID()
	}
	fastest := most // of the first few rounds: the machine may have been busy with something else in one
	for from := 0; from < many; from += atOnce {
		start := time.Now()
		for _, err := range t.Parallel(atOnce, func(k int) error {
			return t.TrySet(ids[from+k], t.Session(engine.Marker, marker(from+k)))
		}) {
			t.MustSucceed("set", err)
		}
		fastest = min(fastest, time.Since(start))
		if from == 2*atOnce && fastest*(many/atOnce) > most {
			t.Skip("%d sets would take longer than %s: %d of them took %s", many, most, atOnce, phrase.Milliseconds(fastest))
		}
	}
	seen := map[string]bool{}
	for _, e := range collection(t) {
		if at := bytes.Index(e, []byte(prefix)); at >= 0 && len(e) >= at+len(marker(0)) {
			seen[string(e[at:at+len(marker(0))])] = true
		}
	}
	if len(seen) < many {
		missing := 0
		for seen[marker(missing)] {
			missing++
		}
		t.Fail("wanted    every one of the %d sessions that were set\ngot       %d of them; the first that is missing is number %d, %s",
			many, len(seen), missing+1, phrase.Quote(ids[missing]))
	}
}

// expectLength compares a count.
func expectLength(t *engine.C, want int, why string) {
	if got := t.Length(); got != want {
		t.Fail("wanted    a length of %d: %s\ngot       %d", want, why, got)
	}
}

func lengthCounts(t *engine.C) {
	const n = 10
	prepare(t)
	before := t.Length()
	if before < 0 {
		t.Fail("wanted    a number of sessions\ngot       a length of %d", before)
	}
	list(t, t.Instance, n)
	expectLength(t, before+n, fmt.Sprintf("%d sets of new ids after a length of %d", n, before))
}

func lengthReset(t *engine.C) {
	prepare(t)
	id := t.ID()
	t.Set(id, t.Session("n", 0))
	before := t.Length()
	for n := range 3 {
		t.Set(id, t.Session("n", n+1))
	}
	expectLength(t, before, "it counts sessions, and the id was stored already")
}

func lengthDestroy(t *engine.C) {
	prepare(t)
	ids := []string{t.ID(), t.ID()}
	for _, id := range ids {
		t.Set(id, t.Session("tag", t.Tag()))
	}
	before := t.Length()
	// Whether the destroy of a missing session may be answered with an error is another requirement's matter.
	t.Destroy(ids[0])
	expectLength(t, before-1, "one of them was destroyed")
	_ = t.TryDestroy(ids[0])
	expectLength(t, before-1, "what was destroyed again was missing already")
	_ = t.TryDestroy(t.ID())
	expectLength(t, before-1, "an id that was never set was destroyed")
	expired := t.ID()
	_ = t.TrySet(expired, t.SessionFor(-time.Hour, "tag", t.Tag()))
	t.Destroy(expired)
	expectLength(t, before-1, "one that had expired was set and destroyed")
	t.Destroy(ids[1])
	_ = t.TryDestroy(ids[1])
	if n := t.Length(); n != before-2 || n < 0 {
		t.Fail("wanted    a length of %d, without the two that were destroyed\ngot       %d", before-2, n)
	}
}

func clearEmpties(t *engine.C) {
	sessions := list(t, t.Instance, 5)
	t.Clear()
	ids := make([]string, len(sessions))
	for i, l := range sessions {
		ids[i] = l.id
	}
	expectMissing(t, ids...)
	if t.Capabilities().Length {
		expectLength(t, 0, "the store was cleared")
	}
	if t.Capabilities().All {
		if elements := collection(t); len(elements) > 0 {
			t.Fail("wanted    an empty collection\ngot       %d elements: %s", len(elements), phrase.Text(string(elements[0])))
		}
	}
}

func clearEmpty(t *engine.C) {
	_ = t.TryClear()
	t.Clear()
}

// A clear that goes on after its callback removes, most likely, the ids that it found: of users who logged in again under the same id.
func clearLaterSets(t *engine.C) {
	ids := []string{t.ID(), t.ID(), t.ID()}
	for _, id := range ids {
		_ = t.TrySet(id, t.SessionFor(100*time.Millisecond, "tag", t.Tag())) // that short lives are refused is not the question here
	}
	t.Clear()
	ids = append(ids, t.ID(), t.ID())
	later := make([]*spec.Session, len(ids))
	for k, id := range ids {
		later[k] = t.Session("tag", t.Tag())
		t.Set(id, later[k])
	}
	if t.Injected() {
		t.Until(t.Now().Add(time.Second))
	}
	for end := time.Now().Add(400 * time.Millisecond); ; {
		for k, id := range ids {
			expectData(t, t.Get(id), later[k])
		}
		if time.Now().After(end) {
			return
		}
		t.Pause(30 * time.Millisecond)
	}
}

func ownOnly(t *engine.C) {
	if !t.Capabilities().All && !t.Capabilities().Length && !t.Capabilities().Clear {
		t.Skip("the store has neither all nor length nor clear")
	}
	foreign := t.OpenForeign()
	for _, pair := range [][2]*engine.Instance{{t.Instance, foreign}, {foreign, t.Instance}} {
		own, other := pair[0], pair[1]
		list(t, own, 1)
		before := 0
		if t.Capabilities().Length {
			before = own.Length()
		}
		theirs := list(t, other, 3)
		if t.Capabilities().All {
			elements := collectionOf(t, own)
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
