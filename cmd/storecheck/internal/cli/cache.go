package cli

import (
	"errors"
	"fmt"
	"os"
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
		Long: `cache shows the npm packages that runs have installed: one folder for each set of packages, and where it is. Programs that runs have built in
Go, to stand in for servers and around stores in Go, are there too.

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
		Short: "remove all that runs have installed",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return onCache(c, cleanCache) },
	})
	return c
}

// cached is what the cache holds.
type cached struct {
	folder   string
	sets     []install.Set
	programs []install.BuiltProgram
	hosts    []install.BuiltProgram
}

// onCache does something with what the cache holds. An error of the cache is none of the command line.
func onCache(c *cobra.Command, do func(*cobra.Command, cached) error) error {
	var has cached
	var err error
	has.folder, err = install.Folder()
	if err == nil {
		has.sets, err = install.Sets()
	}
	if err == nil {
		has.programs, err = install.BuiltPrograms()
	}
	if err == nil {
		has.hosts, err = install.BuiltHosts()
	}
	if err == nil {
		err = do(c, has)
	}
	if err != nil {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", err)
		return exitStatus(report.ExitBroken)
	}
	return nil
}

func showCache(c *cobra.Command, has cached) error {
	out := c.OutOrStdout()
	if len(has.sets) == 0 && len(has.programs) == 0 && len(has.hosts) == 0 {
		_, err := fmt.Fprintf(out, "%s is empty: the first run of a store from npm installs its packages there.\n", has.folder)
		return err
	}
	slices.SortFunc(has.sets, func(a, b install.Set) int { return strings.Compare(describeSet(a), describeSet(b)) })
	var all int64
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight|tabwriter.DiscardEmptyColumns)
	for _, s := range has.sets {
		all += s.Bytes
		fmt.Fprintf(t, "%s\t  %s\n", megabytes(s.Bytes), describeSet(s))
	}
	for _, p := range has.programs {
		all += p.Bytes
		fmt.Fprintf(t, "%s\t  %s, a program built in Go\n", megabytes(p.Bytes), p.Name)
	}
	for _, h := range has.hosts {
		all += h.Bytes
		fmt.Fprintf(t, "%s\t  %s, a program built around a store in Go\n", megabytes(h.Bytes), h.Name)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%s in %s, %s in all. storecheck cache clean removes them.\n", has.count(len(has.sets), len(has.programs)+len(has.hosts)), has.folder, megabytes(all))
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

func cleanCache(c *cobra.Command, has cached) error {
	var freed int64
	var errs []error
	removed, programs := 0, 0
	for _, s := range has.sets {
		err := install.Remove(c.Context(), s)
		if err == nil {
			freed += s.Bytes
			removed++
		}
		errs = append(errs, err)
	}
	for _, p := range append(has.programs, has.hosts...) {
		err := os.RemoveAll(p.Path)
		if err == nil {
			freed += p.Bytes
			programs++
		}
		errs = append(errs, err)
	}
	fmt.Fprintf(c.OutOrStdout(), "removed %s from %s, %s\n", has.count(removed, programs), has.folder, megabytes(freed))
	return errors.Join(errs...)
}

// count counts sets, and programs where the cache has some.
func (c cached) count(sets, programs int) string {
	text := fmt.Sprintf("%d sets of packages", sets)
	if sets == 1 {
		text = "1 set of packages"
	}
	if len(c.programs)+len(c.hosts) > 0 {
		text += " and " + counted(programs, "program")
	}
	return text
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
