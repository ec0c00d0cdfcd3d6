// Package cli is the command line of storecheck.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/worker"
	"github.com/storecheck/storecheck/internal/child"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// Main runs the command line and returns the exit status.
func Main(args []string, in io.Reader, out, errout io.Writer) int {
	target.ServeChild()
	child.Unreadable() // a store that the run starts is foreign code
	if len(args) > 0 && args[0] == worker.Command {
		return worker.Serve(in, out)
	}
	child.AdoptOrphans() // of a worker that dies
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errout)
	err := root.ExecuteContext(ctx)
	var exit exitStatus
	switch {
	case errors.As(err, &exit):
		return int(exit)
	case err != nil:
		fmt.Fprintln(errout, "storecheck:", err)
		return report.ExitUsage
	}
	return report.ExitOK
}

// An exitStatus ends the program with a status and prints nothing more.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "storecheck",
		Short: "check a session store against the contract of express-session, clause by clause",
		Long: `storecheck checks a session store against every clause of the session-store contract, and says which clauses hold.
It shows every failure with as few calls as it can find.`,
		Example: `  storecheck run memory
  storecheck run npm:connect-redis npm:memorystore
  storecheck run ./my-store.js --only 'touch/*'
  storecheck explain touch/no-resurrection`,
		Version:       fmt.Sprintf("%s (contract %s)", target.Version, contract.Version),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noSuchCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, c.CommandPath())
	})
	root.AddCommand(
		new(run).command(), new(knownCommand).command(), new(matrixCommand).command(), benchCommand(), soakCommand(),
		listCommand(), explainCommand(), profilesCommand(), storesCommand(), doctorCommand(),
		new(reporting).command(), diffCommand(), siteCommand(),
		cacheCommand(), cleanCommand(), schemaCommand(),
		initCommand(), serveCommand(), bridgeCheckCommand(),
	)
	return root
}

// noSuchCommand refuses arguments of the root command: each was meant as a command.
func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if meant := c.SuggestionsFor(args[0]); len(meant) > 0 {
		return fmt.Errorf("unknown command %q; did you mean %s?", args[0], strings.Join(meant, " or "))
	}
	return fmt.Errorf("unknown command %q; to check a store, use storecheck run %s; see storecheck --help", args[0], args[0])
}
