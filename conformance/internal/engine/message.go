package engine

import (
	"fmt"
	"strings"
)

// failure is the message for a store's author: what is required, what was done, what was seen, how to see it again.
func (t *C) failure(text string) string {
	t.log.judged(text)
	r := t.check.Requirement
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.ID, r.Title)
	fmt.Fprintf(&b, "required  %s\n", r.Text)
	for i, line := range t.log.lines() {
		label := "          "
		if i == 0 {
			label = "calls     "
		}
		b.WriteString(label + line + "\n")
	}
	b.WriteString(indent(text))
	if rerun := t.suite.settings.Rerun; rerun != nil {
		id := r.ID
		if t.wholeRun {
			id = ""
		}
		if again := rerun(id, t.suite.settings.Seed); again != "" {
			fmt.Fprintf(&b, "\nagain     %s", again)
		}
	}
	return b.String()
}

// indent puts the lines of a text that carry no label of their own under the labels.
func indent(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		labelled := strings.HasPrefix(line, "wanted    ") || strings.HasPrefix(line, "got       ")
		switch {
		case labelled:
		case i == 0:
			lines[i] = "got       " + line
		default:
			lines[i] = "          " + line
		}
	}
	return strings.Join(lines, "\n")
}
