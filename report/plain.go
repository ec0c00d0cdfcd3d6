package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// Plain writes one line for each requirement, for grep: the status in capitals, the id, the level of a failure unless it is must, and the reason
// behind a #. Lines that begin with # are no requirement: the first names the target, and behind the requirements come what was noticed beside
// the verdicts, what may lie behind the failures, and at the end the outcome.
func Plain(w io.Writer, r *Result) error {
	b := &strings.Builder{}
	fmt.Fprintf(b, "# target %s\n", r.header())
	for _, q := range r.Requirements {
		fmt.Fprintf(b, "%s %s", strings.ToUpper(string(q.Status)), oneLine(q.ID))
		if q.Status == contract.Fail && q.Level != contract.Must {
			fmt.Fprintf(b, " (%s)", q.Level)
		}
		if q.Reason != "" {
			fmt.Fprintf(b, " # %s", oneLine(q.Reason))
		}
		b.WriteString("\n")
	}
	for _, note := range r.Notes {
		fmt.Fprintf(b, "# noticed: %s\n", oneLine(note))
	}
	if d := r.Diagnosis; d != nil {
		fmt.Fprintf(b, "# cause: %s; look first at %s\n", oneLine(d.Cause), oneLine(d.Requirement))
	}
	if r.Broken != nil {
		fmt.Fprintf(b, "# broken: %s\n", r.Broken)
	}
	fmt.Fprintf(b, "# %s, exit %d: %s\n", r.Verdict, r.Exit(), r.Why())
	_, err := io.WriteString(w, b.String())
	return err
}

// header is one line: the target, its runtime, the versions and the seed.
func (r *Result) header() string {
	parts := []string{oneLine(r.Target.String())}
	add := func(label, value string) {
		if value != "" {
			parts = append(parts, label+oneLine(value))
		}
	}
	add("", r.Target.Runtime)
	add("contract ", r.Contract)
	add("profile ", r.ProfileName())
	add("storecheck ", r.Storecheck)
	add("seed ", fmt.Sprint(r.Seed))
	add("time ", r.Time)
	return strings.Join(parts, " · ")
}

// String is one line: the kind, unless it is empty, and the message.
func (t *Trouble) String() string {
	if t.Kind == "" {
		return oneLine(t.Message)
	}
	return oneLine(t.Kind) + ": " + oneLine(t.Message)
}
