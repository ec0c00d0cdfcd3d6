package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/report"
)

func cacheCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "cache",
		Short: "show the npm packages that runs have installed, or remove them",
		Long: `cache shows the npm packages that runs have installed: one folder for each set of packages, and where it is.

The cache is the folder storecheck in your cache folder; the variable STORECHECK_CACHE names another one. A set stays until it is removed; a run
with --refresh installs it anew. storecheck cache clean removes all sets. Do not run it while a run is in progress.`,
		Example: `  storecheck cache
  storecheck cache clean
  STORECHECK_CACHE=/tmp/cache storecheck run npm:memorystore`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return onCache(c, showCache) },
	}
	c.AddCommand(&cobra.Command{
		Use:   "clean",
		Short: "remove all npm packages that runs have installed",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return onCache(c, cleanCache) },
	})
	return c
}

// onCache does something with the sets of the cache. An error of the cache is none of the command line.
func onCache(c *cobra.Command, do func(c *cobra.Command, folder string, sets []install.Set) error) error {
	folder, err := install.Folder()
	var sets []install.Set
	if err == nil {
		sets, err = install.Sets()
	}
	if err == nil {
		err = do(c, folder, sets)
	}
	if err != nil {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", err)
		return exitStatus(report.ExitBroken)
	}
	return nil
}

func showCache(c *cobra.Command, folder string, sets []install.Set) error {
	out := c.OutOrStdout()
	if len(sets) == 0 {
		_, err := fmt.Fprintf(out, "%s is empty: the first run of a store from npm installs its packages there.\n", folder)
		return err
	}
	slices.SortFunc(sets, func(a, b install.Set) int { return strings.Compare(describeSet(a), describeSet(b)) })
	var all int64
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight|tabwriter.DiscardEmptyColumns)
	for _, s := range sets {
		all += s.Bytes
		fmt.Fprintf(t, "%s\t  %s\n", megabytes(s.Bytes), describeSet(s))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%s in %s, %s in all. storecheck cache clean removes them.\n", countSets(len(sets)), folder, megabytes(all))
	return err
}

func describeSet(s install.Set) string {
	if s.Damaged() {
		return "damaged; installed anew when it is needed"
	}
	text := strings.Join(s.Packages, " ")
	if s.Scripts {
		text += ", with install scripts"
	}
	return fmt.Sprintf("%s (Node %s, %s)", text, s.Node, s.Installed.Format(time.DateOnly))
}

func cleanCache(c *cobra.Command, folder string, sets []install.Set) error {
	var freed int64
	var errs []error
	removed := 0
	for _, s := range sets {
		err := install.Remove(c.Context(), s)
		if err == nil {
			freed += s.Bytes
			removed++
		}
		errs = append(errs, err)
	}
	fmt.Fprintf(c.OutOrStdout(), "removed %s from %s, %s\n", countSets(removed), folder, megabytes(freed))
	return errors.Join(errs...)
}

func countSets(n int) string {
	if n == 1 {
		return "1 set of packages"
	}
	return fmt.Sprintf("%d sets of packages", n)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
