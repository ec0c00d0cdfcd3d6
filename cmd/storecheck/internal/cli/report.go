package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/saved"
)

// reporting is one call of storecheck report.
type reporting struct {
	savedFlags
	format string
	head   bool
	all    bool
}

func (r *reporting) command() *cobra.Command {
	c := &cobra.Command{
		Use:   "report FILE|FOLDER...",
		Short: "show a saved result, or several side by side",
		Long: `report shows results that run --json has written. A folder stands for every .json file in it.

One result is shown as run would show it. Several are compared: a line for each store, then the requirements that do not hold everywhere,
what differs first. --format markdown writes the same as a page.

Exit status:
  0  the report is written, whatever it says
  2  the command line, or a file that it names, is wrong; the other files are shown all the same`,
		Example: `  storecheck report results/connect-redis.json
  storecheck report results/
  storecheck report results/ --only touch --level must
  storecheck report a.json b.json --format markdown
  storecheck report results --format markdown --head
  storecheck report results --format markdown --all >MATRIX.md
  storecheck report merge shard-1 shard-2 --out results`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("report needs a file or a folder with results; storecheck run TARGET --json FILE writes one")
			}
			return nil
		},
		RunE: r.do,
	}
	r.declare(c.Flags())
	c.Flags().Var(newChoice(&r.format, "pretty", "pretty", "plain", "json", "junit", "tap", "markdown"), "format", "what to print: pretty, plain, json, junit, tap or markdown")
	c.Flags().BoolVar(&r.head, "head", false, "with --format markdown: only the table with a line for each store")
	c.Flags().BoolVar(&r.all, "all", false, "with several results or --format markdown: name the stores of the catalogue without a result too, and say why")
	c.AddCommand(mergeCommand())
	return c
}

func (r *reporting) do(c *cobra.Command, args []string) error {
	if r.head && r.format != "markdown" {
		return errors.New("--head is for --format markdown")
	}
	if r.all && (r.head || r.format != "markdown" && r.format != "pretty") {
		return errors.New("--all is for --format pretty and --format markdown, without --head")
	}
	results, unread := saved.Load(args...)
	if len(results) == 0 {
		return unread
	}
	if err := saved.Once(results); err != nil {
		return errors.Join(unread, err)
	}
	chosen, err := r.choose(results)
	if err != nil {
		return errors.Join(unread, err)
	}
	if err := r.write(c.OutOrStdout(), saved.Plain(chosen)); err != nil {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", err)
		return exitStatus(report.ExitBroken)
	}
	return unread
}

func (r *reporting) write(out io.Writer, results []*report.Result) error {
	switch r.format {
	case "junit":
		return report.JUnit(out, results...)
	case "tap":
		return report.TAP(out, results...)
	case "markdown":
		if r.head {
			return report.MarkdownHead(out, results)
		}
		return report.MarkdownMatrix(out, results, r.absent(results))
	case "json":
		if len(results) > 1 {
			return report.WriteAll(out, results)
		}
		return results[0].Write(out)
	case "plain":
		for _, one := range results {
			if err := report.Plain(out, one); err != nil {
				return err
			}
		}
		return nil
	}
	return r.pretty(out, results)
}

func (r *reporting) pretty(out io.Writer, results []*report.Result) error {
	style := styleOf(out, r.color, r.verbose)
	if len(results) == 1 && !r.all {
		return report.Pretty(out, results[0], style)
	}
	if err := report.Summary(out, report.Ranked(results), style); err != nil {
		return err
	}
	return report.SummaryAbsent(out, r.absent(results), style)
}
