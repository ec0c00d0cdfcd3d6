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
			switch format {
			case "pretty":
				return listPretty(c.OutOrStdout(), chosen)
			case "json":
				return listJSON(c.OutOrStdout(), chosen)
			}
			return fmt.Errorf("--format %s: write pretty or json", format)
		},
	}
	s.flags(c)
	c.Flags().StringVar(&format, "format", "pretty", "pretty or json")
	return c
}

func (s *selection) flags(c *cobra.Command) {
	c.Flags().StringSliceVar(&s.only, "only", nil, "only the requirements with these `ids`, chapters or globs, separated by commas (may be repeated)")
	c.Flags().StringSliceVar(&s.skip, "skip", nil, "all but those with these `ids`, chapters or globs")
}

func listPretty(w io.Writer, chosen []*contract.Requirement) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tLEVEL\tTITLE\tNEEDS")
	for _, r := range chosen {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.ID, r.Level, r.Title, needs(r, ", "))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	counts := map[contract.Level]int{}
	for _, r := range chosen {
		counts[r.Level]++
	}
	_, err := fmt.Fprintf(w, "\n%d requirements of contract %s: %d must, %d should, %d may. storecheck explain ID tells more of one.\n",
		len(chosen), contract.Version, counts[contract.Must], counts[contract.Should], counts[contract.May])
	return err
}

func needs(r *contract.Requirement, separator string) string {
	words := make([]string, len(r.Needs))
	for i, n := range r.Needs {
		words[i] = string(n)
	}
	return strings.Join(words, separator)
}

// requirement is a clause as list writes it in JSON.
type requirement struct {
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
	out := []requirement{}
	for _, r := range chosen {
		out = append(out, requirement{r.ID, r.Level, r.Chapter(), r.Title, r.Text, r.Why, r.Source, r.Since, append([]contract.Need{}, r.Needs...)})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
