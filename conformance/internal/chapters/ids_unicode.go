package chapters

import "github.com/storecheck/storecheck/conformance/internal/engine"

// unicodeLookAlikes returns groups of ids beyond ASCII: a store may keep of a character its low byte, a question mark or its base letter, or
// compare by a collation of a database. Each group has a tag of its own.
func unicodeLookAlikes(t *engine.C) (groups [][]string) {
	for _, group := range [][]string{
		{"a", "\u0161", "\u0261", "\u1e61", "\u4e61", "\uff61", "\U00010061"}, // one low byte
		{"?", "\u0161", "\u4e61", "\ufffd", "\U0001f461"},                     // what no character set of one byte has
		{"\u00e1", "a", "\u00e4", "a\u0308"},                                  // one base letter
		{"i", "\u0131"},
		{"\u03c3", "\u03c2"},
		{"\u00e6", "ae"},
		{"Ab1", "\uff21\uff42\uff11"}, // one width
		{"x2", "x\u00b2", "x\u2082"},
		{"x", "x\u200b", "x\u00ad", "\ufeffx", "x\u200d"}, // what nobody sees
		{"x", "x  ", "x\u3000", "x\u2028"},
		{"\U0001f600", "\U0001f601", "\u263a"}, // what some collations give no weight
	} {
		tag := t.Tag()
		tagged := make([]string, len(group))
		for i := range group {
			tagged[i] = tag + group[i]
		}
		groups = append(groups, tagged)
	}
	return groups
}
