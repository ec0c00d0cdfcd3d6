package matrix

import (
	"os"
	"regexp"
	"strings"

	"github.com/storecheck/storecheck/report"
)

// A results folder is for everybody, and where a machine keeps its files is nobody's business: the home folder is ~ in it, and the folder of a run
// TMPDIR.

var runFolder = regexp.MustCompile(`(/[A-Za-z0-9_.-]+)+/storecheck-run-[0-9]+(/storecheck-[0-9]+)?`)

// withoutPlaces takes the places of this machine out of the texts of a result, which is changed.
func withoutPlaces(r *report.Result) {
	home, err := os.UserHomeDir()
	if err != nil || len(home) < 2 {
		home = ""
	}
	hide := func(texts ...*string) {
		for _, t := range texts {
			*t = runFolder.ReplaceAllLiteralString(*t, "$TMPDIR")
			if home != "" {
				*t = strings.ReplaceAll(*t, home+"/", "~/")
			}
		}
	}
	for i := range r.Notes {
		hide(&r.Notes[i])
	}
	if r.Broken != nil {
		b := *r.Broken
		hide(&b.Message)
		r.Broken = &b
	}
	if r.Diagnosis != nil {
		d := *r.Diagnosis
		hide(&d.Cause, &d.Evidence)
		r.Diagnosis = &d
	}
	for i := range r.Requirements {
		q := &r.Requirements[i]
		hide(&q.Reason, &q.Message, &q.Observed, &q.Cause)
		for i := range q.Calls {
			hide(&q.Calls[i])
		}
	}
}
