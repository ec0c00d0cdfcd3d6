package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A saying is an error that many failures have in their calls.
type saying struct {
	text string
	by   []string // ids of the failures
}

var (
	errorOfCall = regexp.MustCompile(`→ error: (.*?)(?:  \[|$)`)
	varying     = regexp.MustCompile(`"[^"]*"|'[^']*'|\d+`)
	method      = regexp.MustCompile(`^(get|set|destroy|touch|all|length|clear)\b:? *`)
)

// shared returns the error that most of the failures have, or nil. Names of methods, numbers and quoted words may differ.
func (e *evidence) shared() *saying {
	const least = 3
	sayings := map[string]*saying{}
	var order []*saying
	for _, id := range e.failed {
		for _, line := range e.rows[id].Calls {
			m := errorOfCall.FindStringSubmatch(clean(line))
			if m == nil {
				continue
			}
			text := oneLine(method.ReplaceAllString(m[1], ""))
			key := varying.ReplaceAllString(text, "…")
			s := sayings[key]
			if s == nil {
				s = &saying{text: text}
				sayings[key] = s
				order = append(order, s)
			}
			if !slices.Contains(s.by, id) {
				s.by = append(s.by, id)
			}
		}
	}
	var most *saying
	for _, s := range order {
		if most == nil || len(s.by) > len(most.by) {
			most = s
		}
	}
	if most == nil || len(most.by) < least || 2*len(most.by) <= len(e.failed) {
		return nil
	}
	most.text = explainSaying(most.text)
	return most
}

// explainSaying adds what an error of the system, or of Node, means.
func explainSaying(text string) string {
	for _, known := range []struct{ says, means string }{
		{"ECONNREFUSED", "the store reaches no server"},
		{"ENOTFOUND", "the name of the server is unknown"},
		{"EACCES", "the store may not read or write there"},
		{"ENOSPC", "no space is left where the store writes"},
	} {
		if strings.Contains(text, known.says) {
			return known.means + ": " + text
		}
	}
	return fmt.Sprintf("calls fail alike: %s", text)
}
