package model

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec"
)

var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// at is a call that takes no time, a number of seconds after the epoch.
func at(seconds float64) Window {
	t := epoch.Add(time.Duration(seconds * float64(time.Second)))
	return Window{t, t}
}

// session parses the members of a session that lives until a number of seconds after the epoch, for ever when that is negative.
func session(t testing.TB, ends float64, members string) *spec.Session {
	c := spec.NewCookie()
	if ends >= 0 {
		c.SetMaxAge(epoch, time.Duration(ends*float64(time.Second)))
	}
	if members != "" {
		members = "," + members
	}
	s, err := spec.ParseSession([]byte(`{"cookie":` + c.String() + members + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var errFault = errors.New("the backend is down")

func TestStep(t *testing.T) {
	var (
		a      = session(t, 10, `"v":1`)
		b      = session(t, 20, `"v":2`)
		short  = session(t, 5, `"v":3`)
		past   = session(t, 0, `"v":4`)
		always = session(t, -1, `"v":5`)
		// What get shows after a was touched with b: a's data, and one cookie or the other.
		aTouched = a.Clone()
		aMoved   = a.Clone()
		aWrong   = a.Clone()
		aKeyed   = session(t, 10, `"v":1,"__lastAccess":7`)
	)
	aTouched.Cookie = b.Cookie
	b.Cookie.SetPath("/b")
	expires, _ := b.Cookie.Expires()
	aMoved.Cookie.RestoreExpires(expires)
	aWrong.Cookie.RestoreExpires(expires.Add(time.Second))
	aTouchedFully := a.Clone()
	aTouchedFully.Cookie = b.Cookie

	type call struct {
		op     Op
		answer Answer
		window Window
	}
	set := func(id string, s *spec.Session) Op { return Op{Set, id, s} }
	touch := func(id string, s *spec.Session) Op { return Op{Touch, id, s} }
	get := func(id string) Op { return Op{Kind: Get, ID: id} }
	destroy := func(id string) Op { return Op{Kind: Destroy, ID: id} }
	found := func(s *spec.Session) Answer { return Answer{Session: s} }
	listed := func(s ...*spec.Session) Answer { return Answer{Sessions: s} }
	missing, ok, failed := Answer{}, Answer{}, Answer{Err: errFault}
	hasA := []call{{set("x", a), ok, at(1)}}
	hasBoth := append(slices.Clone(hasA), call{set("y", b), ok, at(1)})
	second := Rules{Granularity: time.Second}

	for _, test := range []struct {
		name   string
		rules  Rules
		before []call
		op     Op
		window Window
		right  []Answer
		wrong  []Answer
	}{
		{"get of what was never set", Rules{}, nil, get("x"), at(1), []Answer{missing, {Err: fs.ErrNotExist}, {Err: spec.ErrNotFound}}, []Answer{found(a), failed}},
		{"get after set", Rules{}, hasA, get("x"), at(2), []Answer{found(a), found(aTouched)}, []Answer{missing, found(b), failed, {Err: fs.ErrNotExist}}},
		{"get of another id", Rules{}, hasA, get("xx"), at(2), []Answer{missing}, []Answer{found(a)}},
		{"cookies are compared where asked for", Rules{Cookies: true}, hasA, get("x"), at(2), []Answer{found(a)}, []Answer{found(aTouched)}},
		{"members that the store adds", Rules{AddedKeys: []string{"__lastAccess"}}, hasA, get("x"), at(2), []Answer{found(a), found(aKeyed)}, []Answer{found(b)}},
		{"members that were added unasked", Rules{}, hasA, get("x"), at(2), nil, []Answer{found(aKeyed)}},
		{
			"members of that name that the application set",
			Rules{AddedKeys: []string{"__lastAccess"}},
			[]call{{set("x", aKeyed), ok, at(1)}},
			get("x"), at(2),
			[]Answer{found(aKeyed)},
			[]Answer{found(a)},
		},
		{"set replaces", Rules{}, append(slices.Clone(hasA), call{set("x", b), ok, at(2)}), get("x"), at(3), []Answer{found(b)}, []Answer{found(a), missing}},
		{"destroy removes", Rules{}, append(slices.Clone(hasA), call{destroy("x"), ok, at(2)}), get("x"), at(3), []Answer{missing}, []Answer{found(a)}},
		{"destroy leaves others", Rules{}, append(slices.Clone(hasBoth), call{destroy("y"), ok, at(2)}), get("x"), at(3), []Answer{found(a)}, []Answer{missing}},
		{"destroy of a missing session", Rules{}, nil, destroy("x"), at(1), []Answer{ok}, []Answer{failed, {Err: fs.ErrNotExist}}},
		{"clear removes all", Rules{}, append(slices.Clone(hasBoth), call{Op{Kind: Clear}, ok, at(2)}), get("y"), at(3), []Answer{missing}, []Answer{found(b)}},

		{"long before the end", second, hasA, get("x"), at(8.9), []Answer{found(a)}, []Answer{missing}},
		{"shortly before the end", second, hasA, get("x"), at(9.1), []Answer{found(a), missing}, []Answer{found(b)}},
		{"shortly after the end", second, hasA, get("x"), at(10.9), []Answer{found(a), missing}, nil},
		{"long after the end", second, hasA, get("x"), at(11.1), []Answer{missing}, []Answer{found(a)}},
		{"a call across the end", Rules{}, hasA, get("x"), Window{at(9).From, at(11).To}, []Answer{missing, found(a)}, nil},
		{"slack", Rules{Slack: 2 * time.Second}, hasA, get("x"), at(11.9), []Answer{missing, found(a)}, nil},
		{"after slack", Rules{Slack: 2 * time.Second}, hasA, get("x"), at(12.1), []Answer{missing}, []Answer{found(a)}},
		{
			"a set that took long may have begun the life late",
			Rules{},
			[]call{{set("x", a), ok, Window{at(1).From, at(3).To}}},
			get("x"), at(11.9),
			[]Answer{missing, found(a)},
			nil,
		},
		{"a session without expiry, soon", Rules{}, []call{{set("x", always), ok, at(1)}}, get("x"), at(2.9), []Answer{found(always)}, []Answer{missing}},
		{"a session without expiry, later", Rules{}, []call{{set("x", always), ok, at(1)}}, get("x"), at(1e6), []Answer{found(always), missing}, nil},
		{"a session set when its end was past", Rules{}, []call{{set("x", past), ok, at(1)}}, get("x"), at(9), []Answer{missing, found(past)}, nil},
		{"past is missing", Rules{PastIsMissing: true}, []call{{set("x", past), ok, at(1)}}, get("x"), at(1), []Answer{missing}, []Answer{found(past)}},
		{"past removes what was there", Rules{}, append(slices.Clone(hasA), call{set("x", past), ok, at(2)}), get("x"), at(2), []Answer{missing, found(past)}, []Answer{found(a)}},

		{"touch keeps data", Rules{}, append(slices.Clone(hasA), call{touch("x", b), ok, at(2)}), get("x"), at(3), []Answer{found(a), found(aTouched)}, []Answer{found(b), missing}},
		{"touch prolongs", Rules{}, append(slices.Clone(hasA), call{touch("x", b), ok, at(2)}), get("x"), at(19), []Answer{found(a)}, []Answer{missing}},
		{"touch does not prolong for ever", Rules{}, append(slices.Clone(hasA), call{touch("x", b), ok, at(2)}), get("x"), at(21), []Answer{missing}, []Answer{found(a)}},
		{
			"touch shows one cookie or the other",
			Rules{Cookies: true},
			append(slices.Clone(hasA), call{touch("x", b), ok, at(2)}), get("x"), at(3),
			[]Answer{found(a), found(aTouchedFully), found(aMoved)},
			[]Answer{found(aWrong), found(b)},
		},
		{"touch may shorten", Rules{}, append(slices.Clone(hasA), call{touch("x", short), ok, at(2)}), get("x"), at(6), []Answer{missing, found(a)}, nil},
		{"touch may not shorten at once", Rules{}, append(slices.Clone(hasA), call{touch("x", short), ok, at(2)}), get("x"), at(4), []Answer{found(a)}, []Answer{missing}},
		{"touch shortens", Rules{TouchShortens: true}, append(slices.Clone(hasA), call{touch("x", short), ok, at(2)}), get("x"), at(6), []Answer{missing}, []Answer{found(a)}},
		{"touch without expiry", Rules{}, append(slices.Clone(hasA), call{touch("x", always), ok, at(9)}), get("x"), at(10.9), []Answer{found(a)}, []Answer{missing}},
		{"touch of a missing session", Rules{}, nil, touch("x", a), at(1), []Answer{ok, failed}, nil},
		{"touch of a missing session is no error", Rules{TouchMissingNoError: true}, nil, touch("x", a), at(1), []Answer{ok}, []Answer{failed}},
		{"touch of a live session", Rules{}, hasA, touch("x", b), at(2), []Answer{ok}, []Answer{failed}},
		{"touch of an ending session", second, hasA, touch("x", b), at(10), []Answer{ok, failed}, nil},
		{"no resurrection", Rules{}, append(slices.Clone(hasA), call{destroy("x"), ok, at(2)}, call{touch("x", b), ok, at(3)}), get("x"), at(4), []Answer{missing}, []Answer{found(a), found(b)}},
		{"touch of an expired session", Rules{}, append(slices.Clone(hasA), call{touch("x", b), ok, at(11)}), get("x"), at(12), []Answer{missing, found(a)}, []Answer{found(b)}},
		{"expired stays dead", Rules{ExpiredStaysDead: true}, append(slices.Clone(hasA), call{touch("x", b), ok, at(11)}), get("x"), at(12), []Answer{missing}, []Answer{found(a)}},
		{
			"what was revived lives on",
			Rules{},
			append(slices.Clone(hasA), call{touch("x", b), ok, at(11)}, call{get("x"), found(a), at(12)}),
			get("x"), at(13),
			[]Answer{found(a)},
			[]Answer{missing},
		},
		{
			"what was not revived stays away",
			Rules{},
			append(slices.Clone(hasA), call{touch("x", b), ok, at(11)}, call{get("x"), missing, at(12)}),
			get("x"), at(13),
			[]Answer{missing},
			[]Answer{found(a)},
		},

		{"all", Rules{}, hasBoth, Op{Kind: All}, at(2), []Answer{listed(a, b), listed(b, aTouched)}, []Answer{listed(a), listed(a, b, b), listed(), listed(a, nil), listed(a, always), failed}},
		{"all with ids", Rules{}, hasA, Op{Kind: All}, at(2), []Answer{listed(session(t, 10, `"v":1,"id":"x"`))}, []Answer{listed(session(t, 10, `"v":1,"sid":"x"`))}},
		{"all with an expired session", Rules{}, hasBoth, Op{Kind: All}, at(11), []Answer{listed(b), listed(a, b)}, []Answer{listed(a), listed(b, always), listed(a, a, b)}},
		{"all without expired sessions", Rules{AllExcludesExpired: true}, hasBoth, Op{Kind: All}, at(11), []Answer{listed(b)}, []Answer{listed(a, b)}},
		{"length", Rules{}, hasBoth, Op{Kind: Length}, at(2), []Answer{{N: 2}}, []Answer{{N: 1}, {N: 3}, failed}},
		{"length with an expired session", Rules{}, hasBoth, Op{Kind: Length}, at(11), []Answer{{N: 1}, {N: 2}}, []Answer{{N: 0}, {N: 3}}},
		{"length without expired sessions", Rules{LengthExcludesExpired: true}, hasBoth, Op{Kind: Length}, at(11), []Answer{{N: 1}}, []Answer{{N: 2}}},
		{"clear", Rules{}, hasA, Op{Kind: Clear}, at(2), []Answer{ok}, []Answer{failed}},

		{"a set that failed", Rules{Faults: true}, append(slices.Clone(hasA), call{set("x", b), failed, at(2)}), get("x"), at(3), []Answer{found(a), found(b), failed}, []Answer{missing}},
		{"a first set that failed", Rules{Faults: true}, []call{{set("x", b), failed, at(2)}}, get("x"), at(3), []Answer{missing, found(b)}, []Answer{found(a)}},
		{
			"a failed set that was seen",
			Rules{Faults: true},
			append(slices.Clone(hasA), call{set("x", b), failed, at(2)}, call{get("x"), found(b), at(3)}),
			get("x"), at(4),
			[]Answer{found(b)},
			[]Answer{found(a)},
		},
		{"a set is not to fail", Rules{}, nil, set("x", a), at(1), []Answer{ok}, []Answer{failed}},
		{"a destroy that failed", Rules{Faults: true}, append(slices.Clone(hasA), call{destroy("x"), failed, at(2)}), get("x"), at(3), []Answer{found(a), missing}, []Answer{found(b)}},
		{
			"a failed destroy that was seen",
			Rules{Faults: true},
			append(slices.Clone(hasA), call{destroy("x"), failed, at(2)}, call{get("x"), missing, at(3)}),
			get("x"), at(4),
			[]Answer{missing},
			[]Answer{found(a)},
		},
		{
			"a failed destroy that was seen to do nothing",
			Rules{Faults: true},
			append(slices.Clone(hasA), call{destroy("x"), failed, at(2)}, call{get("x"), found(a), at(3)}), get("x"), at(4),
			[]Answer{found(a)},
			[]Answer{missing},
		},
		{"a clear that failed", Rules{Faults: true}, append(slices.Clone(hasBoth), call{Op{Kind: Clear}, failed, at(2)}), Op{Kind: Length}, at(3), []Answer{{N: 0}, {N: 1}, {N: 2}}, []Answer{{N: 3}}},
		{"a touch that failed", Rules{Faults: true}, append(slices.Clone(hasA), call{touch("x", b), failed, at(2)}), get("x"), at(11), []Answer{missing, found(a)}, []Answer{found(b)}},
		{
			"a touch after a destroy that failed",
			Rules{Faults: true},
			append(slices.Clone(hasA), call{destroy("x"), failed, at(2)}, call{touch("x", b), ok, at(3)}),
			get("x"), at(4),
			[]Answer{missing, found(a)},
			[]Answer{found(b)},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			states := Empty()
			for _, c := range test.before {
				if states = states.Step(test.rules, c.op, c.answer, c.window); len(states) == 0 {
					t.Fatalf("%v may not answer %v", c.op, Got(c.op, c.answer))
				}
			}
			wanted := states.Wanted(test.rules, test.op, test.window)
			for _, answer := range test.right {
				if len(states.Step(test.rules, test.op, answer, test.window)) == 0 {
					t.Errorf("%v may answer %s (the model wants %s)", test.op, Got(test.op, answer), wanted)
				}
			}
			for _, answer := range test.wrong {
				if len(states.Step(test.rules, test.op, answer, test.window)) != 0 {
					t.Errorf("%v must not answer %s (the model wants %s)", test.op, Got(test.op, answer), wanted)
				}
			}
		})
	}
}

func TestWanted(t *testing.T) {
	a := session(t, 10, `"v":1`)
	has := Empty().Step(Rules{}, Op{Set, "x", a}, Answer{}, at(1))
	unsure := has.Step(Rules{Faults: true}, Op{Kind: Destroy, ID: "x"}, Answer{Err: errFault}, at(1))
	text := a.String()
	for _, test := range []struct {
		states States
		rules  Rules
		op     Op
		window Window
		want   string
	}{
		{Empty(), Rules{}, Op{Kind: Get, ID: "x"}, at(1), "no session"},
		{has, Rules{}, Op{Kind: Get, ID: "x"}, at(1), "the data of " + text},
		{has, Rules{Cookies: true}, Op{Kind: Get, ID: "x"}, at(1), text},
		{has, Rules{Faults: true}, Op{Kind: Get, ID: "x"}, at(1), "the data of " + text + ", or an error"},
		{has, Rules{}, Op{Kind: Get, ID: "x"}, at(10), "the data of " + text + " or no session, as it ends about now"},
		{has, Rules{}, Op{Kind: Get, ID: "x"}, at(11), "no session"},
		{unsure, Rules{}, Op{Kind: Get, ID: "x"}, at(2), "the data of " + text + " or no session, as a call that was to remove it failed"},
		{append(Empty(), has...), Rules{}, Op{Kind: Get, ID: "x"}, at(2), "no session, or the data of " + text},
		{has, Rules{}, Op{Kind: Touch, ID: "y", Session: a}, at(1), "success, or an error as the session is missing"},
		{has, Rules{}, Op{Kind: Touch, ID: "x", Session: a}, at(1), "success"},
		{has, Rules{}, Op{Kind: Destroy, ID: "x"}, at(1), "success"},
		{has, Rules{}, Op{Kind: Length}, at(1), "1 session"},
		{has, Rules{}, Op{Kind: Length}, at(11), "0 to 1 sessions"},
		{has, Rules{}, Op{Kind: All}, at(1), "1 session as they were set, each once"},
		{Empty(), Rules{}, Op{Kind: All}, at(1), "0 sessions as they were set, each once"},
	} {
		if got := test.states.Wanted(test.rules, test.op, test.window); got != test.want {
			t.Errorf("%v:\ngot  %s\nwant %s", test.op, got, test.want)
		}
	}
}

// States that came about in different ways are the same when they hold the same, so that they do not multiply.
func TestStatesMerge(t *testing.T) {
	rules := Rules{Faults: true}
	a, b := session(t, 10, `"v":1`), session(t, 20, `"v":2`)
	states := Empty()
	for range 20 {
		states = states.Step(rules, Op{Set, "x", a}, Answer{Err: errFault}, at(1))
		states = states.Step(rules, Op{Set, "y", b}, Answer{Err: errFault}, Window{at(1).From.Local(), at(1).To})
	}
	if len(states) != 4 {
		t.Errorf("two sets that may have failed leave %d states, want 4", len(states))
	}
}

// A state is a value: a step leaves the one it began with as it was.
func TestStepIsPure(t *testing.T) {
	a, b := session(t, 10, `"v":1`), session(t, 20, `"v":2`)
	before := Step(Rules{}, Step(Rules{}, State{}, Op{Set, "m", a}, Answer{}, at(1))[0], Op{Set, "p", a}, Answer{}, at(1))[0]
	same := State{slices.Clone(before.entries)}
	for _, op := range []Op{{Set, "m", b}, {Set, "a", b}, {Set, "n", b}, {Set, "z", b}, {Touch, "m", b}, {Kind: Destroy, ID: "m"}, {Kind: Clear}} {
		for _, rules := range []Rules{{}, {Faults: true}} {
			for _, err := range []error{nil, errFault} {
				Step(rules, before, op, Answer{Err: err}, at(2))
				if !before.Equal(same) {
					t.Fatalf("%v changed the state that it began with", op)
				}
			}
		}
	}
}

func TestGot(t *testing.T) {
	long := session(t, 10, fmt.Sprintf("%q:%q", "v", strings.Repeat("x", 1000)))
	for _, test := range []struct {
		op     Op
		answer Answer
		want   string
	}{
		{Op{Kind: Get}, Answer{}, "no session"},
		{Op{Kind: Get}, Answer{Err: fs.ErrNotExist}, "no session"},
		{Op{Kind: Get}, Answer{Err: errFault}, "error: the backend is down"},
		{Op{Kind: Get}, Answer{Session: spec.NewSession(spec.Cookie{})}, `{"cookie":{}}`},
		{Op{Kind: Get}, Answer{Session: long}, fmt.Sprintf("%s… (%d bytes)", long.String()[:200], len(long.String()))},
		{Op{Kind: Set}, Answer{}, "success"},
		{Op{Kind: Destroy}, Answer{Err: fs.ErrNotExist}, "error: file does not exist"},
		{Op{Kind: Length}, Answer{N: 2}, "2 sessions"},
		{Op{Kind: All}, Answer{Sessions: []*spec.Session{spec.NewSession(spec.Cookie{})}}, `1 session [{"cookie":{}}]`},
	} {
		if got := Got(test.op, test.answer); got != test.want {
			t.Errorf("%v: got %q, want %q", test.op, got, test.want)
		}
	}
}
