package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/claimed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/report"
)

func cleanCommand() *cobra.Command {
	var backends []string
	c := &cobra.Command{
		Use:   "clean [FOLDER...]",
		Short: "remove what runs have left that were killed",
		Long: `clean removes what runs have left on servers and in folders of yours when they were killed, and their temporary folders. A run that was
stopped with Ctrl-C, or by SIGTERM, leaves nothing; and each run first removes what earlier ones have left in the same place.

A session is known by the namespace of its run, a word of 29 characters that begins with storecheck; on PostgreSQL so are schemas and tables.
Everything else stays, and so does what runs have made that go on.`,
		Example: `  storecheck clean
  storecheck clean --backend redis=redis://127.0.0.1:6379
  storecheck clean --backend postgresql=postgres://me:secret@127.0.0.1/scratch
  storecheck clean ./sessions`,
		RunE: func(c *cobra.Command, folders []string) error {
			return clean(c.Context(), c.OutOrStdout(), c.ErrOrStderr(), backends, folders)
		},
	}
	c.Flags().StringArrayVar(&backends, "backend", nil, "the server to look at, as `name=URL` (may be repeated)")
	return c
}

// clean cleans each place and says what it has removed there. A place that cannot be cleaned does not keep it from the next.
func clean(ctx context.Context, out, errout io.Writer, backends, folders []string) error {
	if err := validateBackends(backends); err != nil {
		return err
	}
	failed := false
	say := func(place, removed string, err error) {
		if err != nil {
			failed = true
			fmt.Fprintln(errout, "storecheck:", err)
			return
		}
		fmt.Fprintf(out, "%s: %s removed\n", place, removed)
	}
	for _, b := range backends {
		s, err := backend.Parse(b)
		if err != nil {
			return err
		}
		if !s.CanSweep() {
			say(s.String(), "", fmt.Errorf("what a run has left on a %s server is not found: what its stores make begins with storecheck and 19 letters", s.Name))
			continue
		}
		done, err := target.Clean(ctx, s)
		if errors.Is(err, backend.ErrCannotTell) {
			err = fmt.Errorf("%w: allow the user CLIENT LIST", err)
		}
		say(s.String(), s.Counted(done.Removed), err)
		if n := len(done.Living); n > 0 {
			fmt.Fprintf(out, "%s: those of %s stay, which go on\n", s, counted(n, "run"))
		}
	}
	removed, err := claimed.SweepTemporary()
	say("temporary files", counted(len(removed), "folder"), err)
	for _, dir := range folders {
		removed, err := claimed.Sweep(filepath.Clean(dir))
		say(dir, counted(len(removed), "folder"), err)
	}
	if failed {
		return exitStatus(report.ExitBroken)
	}
	return nil
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
