package report

import (
	"strings"
	"unicode"
)

// defuse keeps clean text from being a command to a build service that reads the output: ::error and ::add-mask:: of GitHub at the start of a line, also
// behind blanks and where a line is broken, and the older ##[error] and ##vso[task] anywhere. The first character becomes a Go escape.
func defuse(s string) string {
	if !strings.Contains(s, "::") && !strings.Contains(s, "##") {
		return s
	}
	var b strings.Builder
	for line := range strings.Lines(s) {
		before := ' '
		for i, r := range line {
			rest := line[i:]
			switch {
			case unicode.IsSpace(before) && isCommand(rest):
				b.WriteString(`\x3a`)
			case strings.HasPrefix(rest, "##[") || strings.HasPrefix(rest, "##vso["):
				b.WriteString(`\x23`)
			default:
				b.WriteRune(r)
			}
			before = r
		}
	}
	return b.String()
}

// isCommand reports whether a text begins as ::name::, with anything between. An address such as ::1 is none.
func isCommand(s string) bool {
	name, ok := strings.CutPrefix(s, "::")
	if !ok || name == "" || !unicode.IsLetter(rune(name[0])) {
		return false
	}
	line, _, _ := strings.Cut(name, "\n")
	return strings.Contains(line, "::")
}
