package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/spec/contract"
)

func listCommand() *cobra.Command {
	var s selection
	var format string
	c := &cobra.Command{
		Use:   "list",
		Short: "list the requirements with their level and what they need",
		Example: `  storecheck list
  storecheck list --only 'expiry/*'
  storecheck list --format json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			chosen, err := s.choose()
			if err != nil {
				return err
			}
			if format == "json" {
				return listJSON(c.OutOrStdout(), chosen)
			}
			return listPretty(c.OutOrStdout(), chosen)
		},
	}
	s.declare(c.Flags())
	c.Flags().Var(newChoice(&format, "pretty", "pretty", "json"), "format", "what to print: pretty or json")
	return c
}

func listPretty(w io.Writer, chosen []*contract.Requirement) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tLEVEL\tTITLE\tNEEDS")
	for _, r := range chosen {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.ID, r.Level, r.Title, joinNeeds(r, ", "))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	counts := map[contract.Level]int{}
	for _, r := range chosen {
		counts[r.Level]++
	}
	_, err := fmt.Fprintf(w, "\n%d requirements of contract %s: %d must, %d should, %d may. storecheck explain ID tells more about one.\n",
		len(chosen), contract.Version, counts[contract.Must], counts[contract.Should], counts[contract.May])
	return err
}

func joinNeeds(r *contract.Requirement, separator string) string {
	names := make([]string, len(r.Needs))
	for i, n := range r.Needs {
		names[i] = string(n)
	}
	return strings.Join(names, separator)
}

// A listedRequirement is a requirement as list writes it in JSON.
type listedRequirement struct {
	ID      string          `json:"id"`
	Level   contract.Level  `json:"level"`
	Chapter string          `json:"chapter"`
	Title   string          `json:"title"`
	Text    string          `json:"text"`
	Why     string          `json:"why"`
	Source  string          `json:"source"`
	Since   string          `json:"since"`
	Needs   []contract.Need `json:"needs"`
}

func listJSON(w io.Writer, chosen []*contract.Requirement) error {
	out := []listedRequirement{}
	for _, r := range chosen {
		out = append(out, listedRequirement{r.ID, r.Level, r.Chapter(), r.Title, r.Text, r.Why, r.Source, r.Since, append([]contract.Need{}, r.Needs...)})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
