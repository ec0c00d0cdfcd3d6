package speed

import (
	"fmt"
	"io"
	"strings"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/report"
)

// Markdown writes the tables of Pretty, without bars, as Markdown.
func Markdown(w io.Writer, r *Result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "storecheck %s, %s/%s with %s, %s of %.3g s, %d sessions, seed %d\n\n",
		r.Storecheck, r.Machine.OS, r.Machine.Arch, plural(r.Machine.CPUs, "processor"), plural(r.Plan.Rounds, "round"), r.Plan.Seconds, r.Plan.Sessions, r.Seed)
	b.WriteString("| target | store | runtime | remarks |\n| --- | --- | --- | --- |\n")
	for _, t := range r.Targets {
		remarks := append(t.remarks(), t.Notes...)
		if t.Problem != "" {
			remarks = append([]string{"not measured: " + t.Problem}, remarks...)
		}
		if t.Broken != "" {
			remarks = append([]string{"broke: " + t.Broken}, remarks...)
		}
		row(&b, t.Spec, strings.TrimSpace(t.Name+" "+t.Version), t.Runtime, strings.Join(remarks, "; "))
	}
	for _, step := range r.Plan.Steps() {
		name := string(step.Operation)
		if step.Operation == bench.None {
			name = "no store at all (the mix)"
		}
		fmt.Fprintf(&b, "\n**%s, %d B, %s**\n\n", name, step.Size, plural(step.Callers, "caller"))
		b.WriteString("| target | calls/s | ± | ratio | p50 | p99 | cpu |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n")
		for _, f := range r.figuresOf(step) {
			if f.Problem != "" {
				row(&b, f.Target, "no figure: "+f.Problem, "", "", "", "", "")
				continue
			}
			row(&b, f.Target, f.cells()...)
		}
	}
	b.WriteString("\n")
	for _, sentence := range r.Meaning() {
		b.WriteString(report.Markdown(sentence) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// row writes a row whose first cell is a name.
func row(b *strings.Builder, name string, cells ...string) {
	b.WriteString("| " + report.MarkdownCode(name) + " ")
	for _, c := range cells {
		b.WriteString("| " + report.Markdown(c) + " ")
	}
	b.WriteString("|\n")
}
