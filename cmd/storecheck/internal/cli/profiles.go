package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/nearest"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

// profileName is a flag for the name of a profile.
type profileName struct{ to *string }

func newProfileName(to *string) pflag.Value { return profileName{to} }

func (n profileName) String() string { return *n.to }
func (n profileName) Type() string   { return "middleware" }

func (n profileName) Set(name string) error {
	if _, known := profile.Lookup(name); !known || name == "" {
		return unknownProfile(name)
	}
	*n.to = name
	return nil
}

func unknownProfile(name string) error {
	if near := nearest.To(name, profile.Names()); near != "" {
		return fmt.Errorf("there is no profile %q; did you mean %s? (storecheck profiles lists them)", name, near)
	}
	return fmt.Errorf("there is no profile %q; use one of %s", name, strings.Join(profile.Names(), ", "))
}

func profilesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "profiles",
		Short: "list the profiles: the middlewares by whose contract stores are judged",
		Example: `  storecheck profiles
  storecheck explain --profile @fastify/session
  storecheck run ./store.js --profile @fastify/session`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return listProfiles(c.OutOrStdout()) },
	}
}

func listProfiles(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PROFILE\tMIDDLEWARE\tREQUIREMENTS\tFOR")
	for _, p := range profile.All() {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\n", p.Name, p.Middleware, len(p.Requirements()), p.Title)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(w, "\nstorecheck explain --profile NAME tells more about one.\n")
	return err
}

// explainProfile writes the page of a profile.
func explainProfile(w io.Writer, p *profile.Profile) {
	e := newExplainer(w)
	e.title(p.Name + ": " + p.Title)
	how := "read from and recorded with"
	if p.Adapter() != "" {
		how = "read from"
	}
	e.line("version", fmt.Sprintf("%s, %s %s %s", p.Version, how, p.Name, p.Middleware))
	e.lines("calls", p.Calls)
	e.line("hands over", p.Hands)
	e.line("missing", p.Missing)
	e.line("ends", p.Ends)
	e.line("site", p.Site)
	e.line("source", p.Source)
	e.lines("note", p.Notes)
	e.line("asks for", fmt.Sprintf("%d requirements; storecheck list --profile %s lists them", len(p.Requirements()), p.Name))
	var levels, own []string
	for _, c := range p.Changes() {
		levels = append(levels, fmt.Sprintf("%s: %s, not %s", c.ID, c.Level, c.From))
	}
	for _, r := range p.Beyond() {
		own = append(own, fmt.Sprintf("%s (%s): %s", r.ID, r.Level, r.Title))
	}
	e.lines("levels", levels)
	e.lines("its own", own)
	if left := leftOutText(p); left != "" {
		e.line("left out", left)
	}
}

// leftOutText names what a profile leaves out: whole chapters, and single requirements.
func leftOutText(p *profile.Profile) string {
	left := map[string]bool{}
	for _, r := range p.LeftOut() {
		left[r.ID] = true
	}
	var names []string
	for _, c := range contract.Chapters() {
		var ids []string
		for _, r := range c.Requirements {
			if left[r.ID] {
				ids = append(ids, r.ID)
			}
		}
		if len(ids) == len(c.Requirements) {
			ids = []string{"all of " + c.Name}
		}
		names = append(names, ids...)
	}
	return strings.Join(names, ", ")
}
