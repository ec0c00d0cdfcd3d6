package conformance

import (
	"flag"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// rerunGoTest returns the command that runs a requirement again as a subtest of the test with a name.
func rerunGoTest(name string) func(string, uint64) string {
	return func(id string, seed uint64) string {
		if id != "" {
			id = "/" + id
		}
		elements := strings.Split(name+id, "/")
		for i, e := range elements {
			elements[i] = "^" + regexp.QuoteMeta(e) + "$"
		}
		pattern := strings.ReplaceAll(strings.Join(elements, "/"), "'", `'\''`)
		return SeedVariable + "=" + strconv.FormatUint(seed, 10) + " go test -run '" + pattern + "'"
	}
}

// runs reports whether go test's -run and -skip flags choose a subtest. Package testing tells it only by running the subtest or not, and
// the timeline starts before.
func runs(name string) bool {
	return chosen(name, patternOf("test.run"), false) && !(patternOf("test.skip") != "" && chosen(name, patternOf("test.skip"), true))
}

func patternOf(name string) string {
	if f := flag.Lookup(name); f != nil {
		return f.Value.String()
	}
	return ""
}

// chosen reports whether a pattern of go test matches a test: one of its alternatives does, element by element. Where the pattern has more
// elements than the name, some subtest below may match; where it has fewer, all below do. whole asks for a match of the test itself.
func chosen(name, pattern string, whole bool) bool {
	names := strings.Split(name, "/")
	for _, alternative := range split(pattern, '|') {
		patterns := split(underscored(alternative), '/')
		matches := !whole || len(patterns) <= len(names)
		for i, p := range patterns[:min(len(patterns), len(names))] {
			ok, err := regexp.MatchString(p, names[i])
			matches = matches && ok && err == nil
		}
		if matches {
			return true
		}
	}
	return false
}

// underscored writes white space as go test does, in names and patterns.
func underscored(pattern string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return '_'
		}
		return c
	}, pattern)
}

// split cuts a pattern at a character that stands outside of brackets and parentheses.
func split(pattern string, at byte) []string {
	var parts []string
	start, brackets, parentheses := 0, 0, 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case c == '[':
			brackets++
		case c == ']' && brackets > 0:
			brackets--
		case c == '(' && brackets == 0:
			parentheses++
		case c == ')' && brackets == 0:
			parentheses--
		case c == at && brackets == 0 && parentheses == 0:
			parts = append(parts, pattern[start:i])
			start = i + 1
		}
	}
	return append(parts, pattern[start:])
}
