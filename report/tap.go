package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// TAP writes TAP version 14: one target as a flat list of test points, several targets as one subtest each. A requirement that did not hold, and
// does not count, has the directive TODO: such a point does not fail the file.
func TAP(w io.Writer, results ...*Result) error {
	var b bytes.Buffer
	b.WriteString("TAP version 14\n")
	if len(results) == 1 {
		results[0].tap(&b, "")
	} else {
		fmt.Fprintf(&b, "1..%d\n", len(results))
		for i, r := range results {
			name := tapEscape(oneLine(r.Target.String()))
			fmt.Fprintf(&b, "# Subtest: %s\n", name)
			r.tap(&b, "    ")
			fmt.Fprintf(&b, "%s %d - %s\n", okOrNot(r.Exit() == ExitOK), i+1, name)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (r *Result) tap(b *bytes.Buffer, indent string) {
	cases := r.cases()
	fmt.Fprintf(b, "%s# target %s\n", indent, r.header())
	if factory := r.Target.factory(); factory != "" {
		fmt.Fprintf(b, "%s# the commands need %s\n", indent, factory)
	}
	fmt.Fprintf(b, "%s1..%d\n", indent, len(cases))
	for i, c := range cases {
		fmt.Fprintf(b, "%s%s %d - %s", indent, okOrNot(!c.red && !c.excused), i+1, tapEscape(c.name))
		switch {
		case c.status == contract.Skip:
			b.WriteString(" # SKIP " + tapEscape(c.reason))
		case c.excused:
			b.WriteString(" # TODO " + tapEscape(c.reason))
		}
		b.WriteString("\n")
		if c.red || c.detail != "" {
			c.diagnose(b, indent+"  ")
		}
	}
}

// diagnose writes a YAML block. One line is written as a JSON string, which is YAML too. Many lines are a literal block with an explicit
// indentation, so that the text may begin with spaces.
func (c *testCase) diagnose(b *bytes.Buffer, indent string) {
	fmt.Fprintf(b, "%s---\n", indent)
	field := func(name, value string) {
		switch {
		case value == "":
		case strings.Contains(value, "\n"):
			fmt.Fprintf(b, "%s%s: |2-\n", indent, name)
			for line := range strings.Lines(value) {
				b.WriteString(strings.TrimRight(indent+"  "+line, " \n") + "\n")
			}
		default:
			text, _ := json.Marshal(value) // a string always has a JSON form
			fmt.Fprintf(b, "%s%s: %s\n", indent, name, text)
		}
	}
	field("level", c.level)
	field("status", string(c.status))
	field("title", c.title)
	if c.reason != c.title {
		field("reason", c.reason)
	}
	field("detail", c.detail)
	fmt.Fprintf(b, "%sduration_ms: %s\n", indent, strings.TrimSuffix(fmt.Sprintf("%.3f", c.seconds*1000), ".000"))
	fmt.Fprintf(b, "%s...\n", indent)
}

func okOrNot(ok bool) string {
	if ok {
		return "ok"
	}
	return "not ok"
}

// tapEscape escapes text, so that no reader takes it for a directive.
func tapEscape(s string) string { return strings.NewReplacer(`\`, `\\`, `#`, `\#`).Replace(s) }
