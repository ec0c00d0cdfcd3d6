package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/saved"
)

func mergeCommand() *cobra.Command {
	var folder string
	c := &cobra.Command{
		Use:   "merge FOLDER... --out DIR",
		Short: "put the results of several folders into one, each store once",
		Long: `merge copies the results of the folders into a new one, one file a store, byte by byte.

Of two results of a store it takes the one of the later contract, or else the one with a verdict where the other run broke, or else the newer
one, and says so. A damaged file is an error: then nothing is written. The new folder appears whole or not at all, and no file is overwritten.`,
		Example: `  storecheck report merge shard-1 shard-2 --out results
  storecheck report merge shards/* --out results`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("merge needs folders with results; see storecheck report merge --help")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if folder == "" {
				return errors.New("merge needs --out DIR, a new folder for what it writes")
			}
			results, err := saved.Load(args...)
			if err != nil {
				return fmt.Errorf("nothing was written: %w", err)
			}
			merged, choices, err := saved.Merge(results)
			if err == nil {
				err = saved.Write(folder, merged)
			}
			if err != nil {
				return fmt.Errorf("nothing was written: %w", err)
			}
			out := c.OutOrStdout()
			for _, choice := range choices {
				fmt.Fprintf(out, "%s: took %s and left %s: %s\n", report.Line(choice.ID), choice.Took.File, choice.Left.File, choice.Why)
			}
			if contracts := saved.Contracts(merged); len(contracts) > 1 {
				fmt.Fprintf(c.ErrOrStderr(), "storecheck: the results are of several contracts, %s: stores of different ones do not compare\n", strings.Join(contracts, ", "))
			}
			_, err = fmt.Fprintf(out, "%d results in %s\n", len(merged), folder)
			return err
		},
	}
	c.Flags().StringVar(&folder, "out", "", "the `folder` to write; it must not exist, or be empty")
	return c
}
