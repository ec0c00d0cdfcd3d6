package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

func listCommand() *cobra.Command {
	var s selection
	var format, named string
	c := &cobra.Command{
		Use:   "list",
		Short: "list the requirements with their level and what they need",
		Example: `  storecheck list
  storecheck list --only 'expiry/*'
  storecheck list --profile @fastify/session
  storecheck list --format json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, _ := profile.Lookup(named)
			chosen, err := s.choose(p)
			if err != nil {
				return err
			}
			if format == "json" {
				return listJSON(c.OutOrStdout(), chosen)
			}
			return listPretty(c.OutOrStdout(), p, chosen)
		},
	}
	s.declare(c.Flags())
	c.Flags().Var(newProfileName(&named), "profile", "the requirements of this `middleware` (default express-session); storecheck profiles lists them")
	c.Flags().Var(newChoice(&format, "pretty", "pretty", "json"), "format", "what to print: pretty or json")
	return c
}

// listPretty writes a line for each requirement. Where the terminal is too narrow for what it needs, that goes; a title is cut at the end.
func listPretty(w io.Writer, p *profile.Profile, chosen []*contract.Requirement) error {
	width := widthOf(w)
	rows := [][]string{{"ID", "LEVEL", "TITLE", "NEEDS"}}
	for _, r := range chosen {
		rows = append(rows, []string{r.ID, r.Level.String(), r.Title, joinNeeds(r, ", ")})
	}
	widths := make([]int, 4)
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	const least = 40 // cells for a title
	if width > 0 {
		widths[2] = max(min(widths[2], width-widths[0]-widths[1]-widths[3]-6), least)
	}
	needs := width == 0 || widths[0]+widths[1]+widths[2]+widths[3]+6 <= width
	for _, row := range rows {
		line := fmt.Sprintf("%-*s  %-*s  %-*s  %s", widths[0], row[0], widths[1], row[1], widths[2], report.Cut(row[2], widths[2]), row[3])
		if !needs {
			line = fmt.Sprintf("%-*s  %-*s  %s", widths[0], row[0], widths[1], row[1], row[2])
		}
		fmt.Fprintln(w, report.Cut(strings.TrimRight(line, " "), width))
	}
	counts := map[contract.Level]int{}
	for _, r := range chosen {
		counts[r.Level]++
	}
	of := "contract " + contract.Version
	if p != profile.Default {
		of = fmt.Sprintf("profile %s %s", p.Name, p.Version)
	}
	last := fmt.Sprintf("%d requirements of %s: %d must, %d should, %d may. storecheck explain ID tells more about one.",
		len(chosen), of, counts[contract.Must], counts[contract.Should], counts[contract.May])
	if width == 0 {
		width = len(last)
	}
	_, err := fmt.Fprintf(w, "\n%s\n", strings.Join(wrap(last, width), "\n"))
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
