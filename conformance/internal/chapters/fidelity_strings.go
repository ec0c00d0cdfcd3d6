package chapters

import (
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// longStrings returns sessions with long strings: a column, a length of 16 bits or a buffer cuts one string, or a record of just that size.
func longStrings(t *engine.C) []*spec.Session {
	// A character begins in one piece of 64 KiB and ends in the next, wherever the string begins.
	const everyLength = "aé€😀"
	one := func(text string) *spec.Session { return t.Session("text", text+t.Tag()) }
	many := map[string]string{}
	for _, n := range []int{255, 256, 257, 1_000, 4_000, 4_001, 8_000, 8_001, 32_767, 32_768} {
		many[t.Tag()] = strings.Repeat("a", n-16) + t.Tag()
	}
	sessions := []*spec.Session{
		t.Session("texts", many),
		one(strings.Repeat("0123456789", 7_000)),
		one(strings.Repeat(everyLength, 20_000)),
		one(strings.Repeat("é", 33_000)),
	}
	for _, size := range []int{65_535, 65_536, 65_537} {
		s := one("")
		sessions = append(sessions, one(strings.Repeat("x", size-len(s.JSON()))))
	}
	return sessions
}
