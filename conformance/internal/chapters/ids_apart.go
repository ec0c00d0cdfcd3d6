package chapters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

func idsLookAlikes(t *engine.C) {
	groups := [][]string{
		{"LJau9e-sxcj-fRjjXY94olUrqBQbgLBe", "eRZqqsgdJA2XcA9Z4XJYHyPfbvP6K93P"},
		{"hj4AaClIeQIkuWXKHN14W2UW20I5_daK", "p_zmN82-IqCUEXwTTnlYvdM4boy7PGDR"},
	}
	for _, group := range [][]string{
		{"a_b", "aXb", "a%b", "a*b", "a?b", "a.b", "a-b", "a[X]b", "a\\_b"},
		{"e\u0301", "\u00e9", "e"},
		{"\ufb01", "fi", "\u00df", "ss"},
		{"x", "x.json", "x.json.json", "x.sess", "x~", "x.tmp"},
		{"x", "x ", " x", "x.", "x..", "x\t", "x\n", "x\u00a0"},
		{"A", "%41", "%2541", "&#65;", "\\x41", "\\u0041"},
		{"a b", "a+b", "a%20b"},
		{"a/b", "a\\b", "a:b", "a|b", "a b", "a-b", "ab", "a//b", "a/./b"},
		{"it's", "it''s", "its", "it\"s", "it\\'s"},
		{"1", "01", "1.0", "1e0"},
	} {
		tag := t.Tag() // without a tag of their own, several groups would share an id
		for i := range group {
			group[i] = tag + group[i]
		}
		groups = append(groups, group)
	}
	// A database may take these for the same number. Nothing stands in front of them.
	number := string('1'+rune(t.Rand.IntN(9))) + strings.Map(func(rune) rune { return '0' + rune(t.Rand.IntN(10)) }, "123456789")
	groups = append(groups,
		[]string{number, "0" + number, "+" + number, number + ".0", number + "e0", number[:1] + "." + number[1:] + "e9", " " + number},
		[]string{"9007199254740" + number, "9007199254740" + number + "0", "9007199254740" + number + "1"},
	)
	groups = append(groups, unicodeLookAlikes(t)...)
	tag := t.Tag()
	groups = append(groups, []string{tag, "sess:" + tag, "sess:sess:" + tag, "sessions/" + tag, "session:" + tag, tag + ":session"})
	expectApart(t, groups)
}

func idsLongApart(t *engine.C) {
	var groups [][]string
	for _, n := range []int{129, 200, 251, 255, 256, 300, 513, 1000} {
		front := t.Tag() + randomIDChars(t, n-17)
		groups = append(groups, []string{front + "A", front + "B", "A" + front, "B" + front})
	}
	expectApart(t, groups)
}

// An idGroup is ids that a store may take for one another.
type idGroup struct {
	ids      []string
	sessions []*spec.Session // what was set under each
	before   *spec.Session   // what was set under the first before that
	taken    []bool          // false where the set was refused
}

// expectApart sets a session of its own under each id that the store takes, and reads all of them back. Then it destroys one session of each
// group, and reads the rest of the group back. All groups are tried together, because a store may take its time to say that a session is
// missing. The first group with a fault is tried again alone, so that the failure shows its calls and no others.
func expectApart(t *engine.C, groups [][]string) {
	group, fault := firstMixedUp(t, groups)
	if fault == "" {
		return
	}
	calls := t.Calls()
	t.ShowCalls()
	if _, alone := firstMixedUp(t, groups[group:group+1]); alone != "" {
		t.Fail("%s", alone)
	}
	t.ShowCalls(calls...)
	t.Fail("%s", fault)
}

// firstMixedUp returns the first group in which the store takes one id for another, and what is wrong there. The fault is empty when there is
// no such group.
func firstMixedUp(t *engine.C, groups [][]string) (group int, fault string) {
	all, from := make([]*idGroup, len(groups)), make([]int, len(groups))
	for g, ids := range groups {
		all[g] = setGroup(t, ids)
	}
	if group, fault = lookAtGroups(t, all, from); fault != "" {
		return group, fault
	}
	for g, of := range all {
		from[g] = len(of.ids)
		if first := slices.Index(of.taken, true); first >= 0 {
			t.Destroy(of.ids[first])
			from[g] = first + 1
		}
	}
	return lookAtGroups(t, all, from)
}

// setGroup sets a session under each id of a group, and then another under the first: what a set uses for a moment, such as a temporary file,
// must be no other id's.
func setGroup(t *engine.C, ids []string) *idGroup {
	g := &idGroup{ids: ids, sessions: make([]*spec.Session, len(ids)), taken: make([]bool, len(ids))}
	for n := range len(ids) + 1 {
		i := n % len(ids)
		g.before = g.sessions[i]
		g.sessions[i] = t.Session("of", i, "tag", t.Tag())
		err := t.TrySet(ids[i], g.sessions[i])
		if err != nil {
			expectRefusal(t, err)
		}
		g.taken[i] = err == nil
	}
	return g
}

// lookAtGroups gets the ids of each group, from the given place on and all at once, and returns the first group with a fault.
func lookAtGroups(t *engine.C, groups []*idGroup, from []int) (group int, fault string) {
	type place struct{ group, at int }
	var places []place
	for g, of := range groups {
		for i := from[g]; i < len(of.ids); i++ {
			places = append(places, place{g, i})
		}
	}
	got, errs := getTogether(t, len(places), func(n int) (*spec.Session, error) {
		return t.TryGet(groups[places[n].group].ids[places[n].at])
	})
	for n, p := range places {
		if fault := groups[p.group].faultOf(t, p.at, got[n], errs[n]); fault != "" {
			return p.group, fault
		}
	}
	return 0, ""
}

// faultOf says what is wrong with the answer to a get of one id. It is empty when nothing is.
func (g *idGroup) faultOf(t *engine.C, at int, got *spec.Session, err error) string {
	switch {
	case !g.taken[at] && (got == nil || g.own(t, at, got)):
		return ""
	case !g.taken[at]:
		return fmt.Sprintf("wanted    no session: the id %s was refused\ngot       %s", phrase.Quote(g.ids[at]), phrase.Session(got))
	case err != nil:
		return fmt.Sprintf("wanted    get to succeed\ngot       %v", err)
	}
	matcher := compare.HaveDataOf(g.sessions[at], t.Subject().AddedKeys...)
	if same, _ := matcher.Match(got); same {
		return ""
	}
	return matcher.FailureMessage(got)
}

// own tells whether a session was set under the id at a place. A set that failed, as in a database that was busy, leaves the session of the set
// before it or its own: neither is that of another id.
func (g *idGroup) own(t *engine.C, at int, got *spec.Session) bool {
	for _, set := range []*spec.Session{g.sessions[at], g.before} {
		if set == nil || set == g.before && at != 0 {
			continue
		}
		if same, _ := compare.HaveDataOf(set, t.Subject().AddedKeys...).Match(got); same {
			return true
		}
	}
	return false
}
