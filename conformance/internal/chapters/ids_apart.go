package chapters

import (
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// expectApart sets a session of its own under each id of a group that the store takes, reads all back, and destroys one: none may be another's.
func expectApart(t *engine.C, ids ...string) {
	sessions := make([]*spec.Session, len(ids))
	taken := make([]bool, len(ids))
	first := -1
	for i, id := range ids {
		sessions[i] = t.Session("of", i, "tag", t.Tag())
		err := t.TrySet(id, sessions[i])
		if err != nil {
			expectRefusal(t, err)
			continue
		}
		taken[i] = true
		if first < 0 {
			first = i
		}
	}
	look := func(from int) {
		got := make([]*spec.Session, len(ids))
		errs := t.Parallel(len(ids)-from, func(i int) (err error) {
			got[from+i], err = t.TryGet(ids[from+i])
			return err
		})
		for i := from; i < len(ids); i++ {
			switch {
			case taken[i]:
				t.MustSucceed("get", errs[i-from])
				expectData(t, got[i], sessions[i])
			case got[i] != nil:
				t.Fail("wanted    no session: the id %s was refused\ngot       %s", phrase.Quote(ids[i]), phrase.Session(got[i]))
			}
		}
	}
	look(0)
	if first < 0 {
		return
	}
	t.Destroy(ids[first])
	look(first + 1)
}

func idsLookAlikes(t *engine.C) {
	tag := t.Tag()
	for _, pair := range [][2]string{
		{"LJau9e-sxcj-fRjjXY94olUrqBQbgLBe", "eRZqqsgdJA2XcA9Z4XJYHyPfbvP6K93P"},
		{"hj4AaClIeQIkuWXKHN14W2UW20I5_daK", "p_zmN82-IqCUEXwTTnlYvdM4boy7PGDR"},
	} {
		expectApart(t, pair[0], pair[1])
	}
	number := string('1'+rune(t.Rand.IntN(9))) + strings.Map(func(rune) rune { return '0' + rune(t.Rand.IntN(10)) }, "123456789")
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
		for i := range group {
			group[i] = tag + group[i]
		}
		expectApart(t, group...)
	}
	// What a database may take for the same number, with nothing in front.
	expectApart(t, number, "0"+number, "+"+number, number+".0", number+"e0", number[:1]+"."+number[1:]+"e9", " "+number)
	expectApart(t, "9007199254740"+number, "9007199254740"+number+"0", "9007199254740"+number+"1")
	expectApart(t, tag, "sess:"+tag, "sess:sess:"+tag, "sessions/"+tag, "session:"+tag, tag+":session")
}

func idsLongApart(t *engine.C) {
	for _, n := range []int{129, 200, 251, 255, 256, 300, 513, 1000} {
		front := t.Tag() + randomIDChars(t, n-17)
		expectApart(t, front+"A", front+"B", "A"+front, "B"+front)
	}
}
