package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/skeleton"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
)

func initCommand() *cobra.Command {
	var force bool
	kinds := map[string]func(ctx context.Context, dir string) (*skeleton.Plan, error){
		"node": func(ctx context.Context, dir string) (*skeleton.Plan, error) {
			return skeleton.Node(ctx, dir, target.Version, force)
		},
		"go":   func(_ context.Context, dir string) (*skeleton.Plan, error) { return skeleton.Go(dir) },
		"exec": func(_ context.Context, dir string) (*skeleton.Plan, error) { return skeleton.Exec(dir), nil },
	}
	c := &cobra.Command{
		Use:   "init node|go|exec [DIR]",
		Short: "write what a project needs to be checked: an adapter that runs at once",
		Long: `init writes an adapter into the folder of a project, or the one where you are, and says what to type next.

  node  beside package.json: storecheck.js, which makes the store that the package exports, a script in package.json, and a workflow of GitHub
        Actions. The package is loaded once, to see what it exports
  go    storecheck_test.go, a test of a few lines
  exec  storecheck_adapter.py, a whole program in Python that speaks the protocol of stores in another language, with a store in it

What only the author knows is marked with FILL IN. No file is overwritten without --force, and package.json keeps its order and its indentation.`,
		Example: `  storecheck init node
  storecheck init node packages/my-store
  storecheck init go ./sessions
  storecheck init exec my-adapter`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 2 || kinds[args[0]] == nil {
				return fmt.Errorf("init needs the kind of the project: node, go or exec, as in storecheck init node")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 1 {
				dir = filepath.Clean(args[1])
			}
			plan, err := kinds[args[0]](c.Context(), dir)
			if err != nil {
				return err
			}
			return writePlan(c.OutOrStdout(), plan, force)
		},
	}
	c.Flags().BoolVar(&force, "force", false, "overwrite files that are there")
	return c
}

// writePlan writes the files, and says what there is to know and to do.
func writePlan(out io.Writer, plan *skeleton.Plan, force bool) error {
	if err := plan.Write(force, func(line string) { fmt.Fprintln(out, line) }); err != nil {
		return err
	}
	for _, note := range plan.Notes {
		fmt.Fprintf(out, "\n%s\n", note)
	}
	fmt.Fprint(out, "\nNext:\n")
	for _, line := range plan.Next {
		fmt.Fprintf(out, "  %s\n", line)
	}
	return nil
}
