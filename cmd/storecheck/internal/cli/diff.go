package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/compare"
	"github.com/storecheck/storecheck/report/saved"
)

func diffCommand() *cobra.Command {
	var f savedFlags
	var format string
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "say what changed between two saved results, or two folders of them",
		Long: `diff compares the results of two runs. OLD and NEW are each a file that run --json wrote, or a folder of such files.

A store is the same store if its package and its options are the same. Another version of it is compared with the old one.
A requirement that was flaky, inconclusive or in error in one of the two runs is unsure: that is no change of the store.
A requirement that no old result has is new in the contract, and no change of a store either.

The JSON document of --format json is described by storecheck schema diff.

Exit status:
  0  nothing changed
  1  a store came, went or has another version, or a requirement of one ended in another way
  2  the command line, or a file that it names, is wrong; nothing was compared
  4  nothing is known to have changed, but one of the runs could not say of some requirements`,
		Example: `  storecheck diff results/ new/
  storecheck diff old.json new.json
  storecheck diff results/ new/ --level must
  storecheck diff results/ new/ --format markdown >comment.md
  storecheck diff results/ new/ --format json | jq '.stores[] | {id, changes}'`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return errors.New("diff needs two files or folders, the old one first; see storecheck diff --help")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			before, beforeErr := f.side(args[0])
			after, afterErr := f.side(args[1])
			if err := errors.Join(beforeErr, afterErr); err != nil {
				return err
			}
			d := compare.Results(before, after)
			if len(before) == 1 && len(after) == 1 && len(d.Came) == 1 {
				fmt.Fprintf(c.ErrOrStderr(), "storecheck: these are two stores; storecheck report %s %s shows them side by side\n", report.ShellQuote(args[0]), report.ShellQuote(args[1]))
			}
			var err error
			switch out := c.OutOrStdout(); format {
			case "json":
				err = d.Write(out)
			case "markdown":
				err = d.Markdown(out)
			default:
				err = d.Pretty(out, styleOf(out, f.color, f.verbose))
			}
			if err != nil {
				fmt.Fprintln(c.ErrOrStderr(), "storecheck:", err)
				return exitStatus(report.ExitBroken)
			}
			return exitStatus(d.Exit())
		},
	}
	f.declare(c.Flags())
	c.Flags().Var(newChoice(&format, "pretty", "pretty", "markdown", "json"), "format", "what to print: pretty, markdown or json")
	return c
}

// side reads one side of a comparison. Every file must be good: a store whose file is damaged would seem to have gone.
func (f *savedFlags) side(path string) ([]*report.Result, error) {
	results, err := saved.Load(path)
	if err == nil {
		err = saved.Once(results)
	}
	if err != nil {
		return nil, err
	}
	chosen, err := f.choose(results)
	return saved.Plain(chosen), err
}
