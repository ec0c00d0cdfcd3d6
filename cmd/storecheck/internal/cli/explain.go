package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

func explainCommand() *cobra.Command {
	var named string
	c := &cobra.Command{
		Use:   "explain ID|CHAPTER|GLOB... | --profile NAME [ID...]",
		Short: "explain requirements: the rule, its reason, its source, and the faults that it catches; or a profile",
		Example: `  storecheck explain touch/no-resurrection
  storecheck explain --profile @fastify/session
  storecheck explain --profile @fastify/session expiry/gone-after`,
		Args: func(c *cobra.Command, args []string) error {
			if named != "" {
				return nil
			}
			return cobra.MinimumNArgs(1)(c, args)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, r := range contract.All() {
				ids = append(ids, r.ID+"\t"+r.Title)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, ids []string) error {
			p, _ := profile.Lookup(named)
			if len(ids) == 0 {
				explainProfile(c.OutOrStdout(), p)
				return nil
			}
			return explainAll(c.OutOrStdout(), p, named != "", ids)
		},
	}
	c.Flags().Var(newProfileName(&named), "profile", "explain the profile of this `middleware`, or what it makes of requirements; storecheck profiles lists them")
	return c
}

// explainAll explains the requirements that patterns match: those of a profile that was named, or else those of every middleware.
func explainAll(w io.Writer, p *profile.Profile, named bool, patterns []string) error {
	all := p.Requirements()
	if !named {
		all = append(all, contract.Beyond()...)
	}
	for i, pattern := range patterns {
		found := false
		for _, r := range all {
			if !matchPattern(pattern, r.ID) {
				continue
			}
			if found || i > 0 {
				fmt.Fprintln(w)
			}
			explain(w, r)
			found = true
		}
		switch {
		case found:
		case named && slices.ContainsFunc(allIDs(), func(id string) bool { return matchPattern(pattern, id) }):
			return fmt.Errorf("the profile %s does not ask for %s", p.Name, pattern)
		default:
			return fmt.Errorf("unknown requirement %s%s", pattern, suggestion(pattern))
		}
	}
	return nil
}

// An explainer writes a page of labelled lines.
type explainer struct {
	io.Writer
	width int
}

const labelled = 10 // cells of a label

func newExplainer(w io.Writer) explainer {
	const most, least = 98, 20 // cells; a longer line is hard to read
	width := most - labelled
	if columns := widthOf(w); columns > 0 {
		width = max(min(columns, most)-labelled, least)
	}
	return explainer{w, width}
}

func (e explainer) title(text string) {
	fmt.Fprintf(e, "%s\n\n", strings.Join(wrap(text, e.width+labelled), "\n"))
}

func (e explainer) line(label, text string) {
	for i, l := range wrap(text, e.width) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(e, "%-9s %s\n", label, l)
	}
}

// lines writes several texts under one label.
func (e explainer) lines(label string, texts []string) {
	for _, text := range texts {
		e.line(label, text)
		label = ""
	}
}

func explain(w io.Writer, r *contract.Requirement) {
	e := newExplainer(w)
	e.title(r.ID + ": " + r.Title)
	line := e.line
	line("required", r.Text)
	if r.Breach != "" {
		line("violated", r.Breach)
	}
	line("why", r.Why)
	line("source", r.Source)
	level := levelMeanings[r.Level]
	if r.LogsOut() {
		level += "; it logs users out, so a report begins with it"
	}
	line("level", level)
	if r.Harm != contract.Inconvenient {
		line("harm", r.Harm.String())
	}
	for _, n := range r.Needs {
		line("needs", fmt.Sprintf("%s (skipped when %s)", n, n.Explain()))
	}
	line("since", "contract "+r.Since)
	if _, ok := profile.Default.Requirement(r.ID); !ok {
		line("asked by", strings.Join(askedBy(r), ", "))
	}
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

// askedBy names the profiles that ask for a requirement.
func askedBy(r *contract.Requirement) (names []string) {
	for _, p := range profile.All() {
		if _, ok := p.Requirement(r.ID); ok {
			names = append(names, p.Name)
		}
	}
	return names
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
