package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/matrix"
	"github.com/storecheck/storecheck/report"
)

// show writes a line for each store, and the counts.
func (d *matrixDone) show(w io.Writer) error {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "STORE\tVERDICT\tMUST FAILED\tSHOULD FAILED\tSECONDS")
	for _, r := range d.rows {
		if r.Verdict == report.Broken {
			fmt.Fprintf(t, "%s\t%s\t%s\n", r.ID, r.Verdict, r.Broken)
			continue
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%.1f\n", r.ID, r.Verdict, r.MustFailed, r.ShouldFailed, r.Seconds)
	}
	for _, s := range d.plan.absent {
		fmt.Fprintf(t, "%s\tcannot run\t%s\n", s.Name+optionFlags(s.Store), s.lacks)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		fmt.Fprintln(w, report.Cut(strings.TrimRight(line, " \n"), widthOf(w)))
	}
	_, err := fmt.Fprintf(w, "\n%s\n", d.counts())
	return err
}

// counts says how many stores have which verdict.
func (d *matrixDone) counts() string {
	var parts []string
	for _, v := range matrix.Verdicts() {
		n := 0
		for _, r := range d.rows {
			if r.Verdict == v {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	text := count(len(d.rows), "store", "stores")
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if n := len(d.plan.kept); n > 0 {
		text += fmt.Sprintf("; %d of them from an earlier run", n)
	}
	if n := d.asked - d.judged; n > 0 {
		text += fmt.Sprintf("; %d without a result", n)
	}
	if n := len(d.plan.absent); n > 0 {
		text += fmt.Sprintf("; %d cannot run here", n)
	}
	return fmt.Sprintf("%s. Seed %d. The results are in %s.", text, d.plan.seed, d.out)
}
