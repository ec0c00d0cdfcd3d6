package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/internal/excerpt"
)

// A saying is an error that many failures have in their calls, or a difference that many of them have met.
type saying struct {
	text       string
	difference bool
	by         []string // ids of the failures
}

// longestSaying is how much of an error the first screen has room for, in bytes.
const longestSaying = 200

var (
	errorOfCall = regexp.MustCompile(`→ error: (.*?)(?:  \[|$)`)
	difference  = regexp.MustCompile(`(?m)^got {7}(session\..*)$`)
	varying     = regexp.MustCompile(`"[^"]*"|'[^']*'|\d+`)
	method      = regexp.MustCompile(`^(get|set|destroy|touch|all|length|clear)\b:? *`)
)

// shared returns the error or the difference that most of the failures have, or nil. Names of methods, numbers and quoted words may differ.
func (e *evidence) shared() *saying {
	const least = 3
	sayings := map[string]*saying{}
	var order []*saying
	for _, id := range e.failed {
		for _, heard := range sayingsOf(e.rows[id]) {
			key := varying.ReplaceAllString(heard.text, "…")
			s := sayings[key]
			if s == nil {
				s = &heard
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
	most.text = excerpt.Start(most.text, longestSaying)
	if most.difference {
		most.text = "sessions come back changed alike: " + most.text
	} else {
		most.text = explainSaying(most.text)
	}
	return most
}

// sayingsOf returns what a failure says.
func sayingsOf(q *Requirement) []saying {
	var all []saying
	for _, line := range q.Calls {
		if m := errorOfCall.FindStringSubmatch(clean(line)); m != nil {
			all = append(all, saying{text: oneLine(method.ReplaceAllString(m[1], ""))})
		}
	}
	if m := difference.FindStringSubmatch(clean(q.Message)); m != nil {
		all = append(all, saying{text: oneLine(m[1]), difference: true})
	}
	return all
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
