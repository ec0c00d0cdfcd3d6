package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/installed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/matrix"
	"github.com/storecheck/storecheck/spec/profile"
)

// A listedStore is a store of the catalogue, or a variant of one, as stores lists it.
type listedStore struct {
	Target   string            `json:"target"` // what follows storecheck run
	Package  string            `json:"package"`
	Profile  string            `json:"profile"` // by which it is judged
	Version  string            `json:"version,omitempty"`
	Options  map[string]string `json:"options,omitempty"`
	Listed   bool              `json:"listed"` // in express-session's documentation
	Backend  string            `json:"backend,omitempty"`
	Lacks    string            `json:"lacks,omitempty"` // why it cannot run here
	Homepage string            `json:"homepage"`
	Last     *lastResult       `json:"last,omitempty"`
}

func storesCommand() *cobra.Command {
	var format, results string
	var here bool
	var named string
	c := &cobra.Command{
		Use:   "stores",
		Short: "list the stores of the catalogue, what each needs, whether it can run here, and its last result",
		Example: `  storecheck stores
  storecheck stores --here
  storecheck stores --results results
  storecheck stores --format json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			all := stores(installed.Look())
			folder := matrix.Folder(results)
			if given := c.Flags().Changed("results"); given || isFolder(results) {
				if given && !isFolder(results) {
					return fmt.Errorf("--results: there is no folder %s", results)
				}
				if err := addLast(all, folder); err != nil {
					return fmt.Errorf("--results: %w", err)
				}
			}
			if named != "" {
				all = slices.DeleteFunc(all, func(s listedStore) bool { return s.Profile != named })
			}
			if here {
				all = slices.DeleteFunc(all, func(s listedStore) bool { return s.Lacks != "" })
			}
			if format == "json" {
				return storesJSON(c.OutOrStdout(), all)
			}
			return storesPretty(c.OutOrStdout(), all)
		},
	}
	c.Flags().BoolVar(&here, "here", false, "only the stores that can run on this machine now")
	c.Flags().Var(newProfileName(&named), "profile", "only the stores of this `middleware`; storecheck profiles lists them")
	c.Flags().StringVar(&results, "results", "results", "the `folder` with the last results of storecheck matrix; by default it need not be there")
	c.Flags().Var(newChoice(&format, "pretty", "pretty", "json"), "format", "what to print: pretty or json")
	return c
}

// stores lists the catalogue. A variant is a store of its own.
func stores(m installed.Machine) []listedStore {
	var all []listedStore
	for _, s := range catalog.Stores() {
		all = append(all, listedStore{
			Target: targetOf(s) + optionFlags(s), Package: s.Package, Profile: profileOf(s.Recipe).Name, Version: s.Version, Options: s.Options,
			Listed: s.Listed, Backend: s.Backend, Lacks: m.Lacks(s.Recipe), Homepage: s.Homepage,
		})
	}
	return all
}

// profileOf is the profile by which a store of the catalogue is judged.
func profileOf(r catalog.Recipe) *profile.Profile {
	p, _ := profile.Lookup(r.Profile)
	return p
}

// targetOf is the target of a store of the catalogue, without the options that choose a variant.
func targetOf(s catalog.Store) string { return s.Target() }

func optionFlags(s catalog.Store) string {
	var flags strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s.Given)) {
		fmt.Fprintf(&flags, " --option %s=%s", name, s.Given[name])
	}
	return flags.String()
}

func storesJSON(w io.Writer, all []listedStore) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(all)
}

// storesPretty has a column for the last results if there are any.
func storesPretty(w io.Writer, all []listedStore) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	heads := []string{"TARGET", "VERSION", "PROFILE", "SERVER", "RUNS HERE"}
	last := slices.ContainsFunc(all, func(s listedStore) bool { return s.Last != nil })
	if last {
		heads = slices.Insert(heads, 4, "LAST RESULT")
	}
	fmt.Fprintln(t, strings.Join(heads, "\t"))
	runs := 0
	for _, s := range all {
		answer := "yes"
		if s.Lacks == "" {
			runs++
		} else {
			answer = "no: " + s.Lacks
		}
		cells := []string{s.Target, cmp.Or(s.Version, "-"), s.Profile, cmp.Or(s.Backend, "-"), answer}
		if last {
			cells = slices.Insert(cells, 4, s.Last.String())
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%d of %d can run here. storecheck run TARGET checks one; storecheck doctor says what to install.\n", runs, len(all))
	return err
}
