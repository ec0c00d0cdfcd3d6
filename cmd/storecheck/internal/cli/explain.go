package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec/contract"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "explain ID|CHAPTER|GLOB...",
		Short:   "explain requirements: the rule, its reason, its source, and the faults that it catches",
		Example: "  storecheck explain touch/no-resurrection",
		Args:    cobra.MinimumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, r := range contract.All() {
				ids = append(ids, r.ID+"\t"+r.Title)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, ids []string) error {
			for i, id := range ids {
				found := false
				for _, r := range contract.All() {
					if !matchPattern(id, r.ID) {
						continue
					}
					if found || i > 0 {
						fmt.Fprintln(c.OutOrStdout())
					}
					explain(c.OutOrStdout(), r)
					found = true
				}
				if !found {
					return fmt.Errorf("unknown requirement %s%s", id, suggestion(id))
				}
			}
			return nil
		},
	}
}

func explain(w io.Writer, r *contract.Requirement) {
	const labelled, most, least = 10, 98, 20 // cells; a longer line is hard to read
	width := most - labelled
	if columns := widthOf(w); columns > 0 {
		width = max(min(columns, most)-labelled, least)
	}
	fmt.Fprintf(w, "%s\n\n", strings.Join(wrap(r.ID+": "+r.Title, width+labelled), "\n"))
	line := func(label, text string) {
		for i, l := range wrap(text, width) {
			if i > 0 {
				label = ""
			}
			fmt.Fprintf(w, "%-9s %s\n", label, l)
		}
	}
	line("required", r.Text)
	line("why", r.Why)
	line("source", r.Source)
	level := levelMeanings[r.Level]
	if r.LogsOut {
		level += "; it logs users out, so a report begins with it"
	}
	line("level", level)
	for _, n := range r.Needs {
		line("needs", fmt.Sprintf("%s (skipped when %s)", n, n.Explain()))
	}
	line("since", "contract "+r.Since)
	label := "catches"
	for _, f := range conformance.Faults() {
		if slices.Contains(f.Breaks, r.ID) {
			text := f.Name
			if f.From != "" {
				text += " (" + f.From + ")"
			}
			line(label, text)
			label = ""
		}
	}
}

var levelMeanings = map[contract.Level]string{
	contract.Must:   "must: a store that violates it is not conformant",
	contract.Should: "should: a violation hurts users, but the contract allows it; counts with --level should",
	contract.May:    "may: the store may decide; storecheck records what it does and never judges it",
}

// wrap breaks a text into lines, between words.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
