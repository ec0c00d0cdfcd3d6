package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/claimed"
	"github.com/storecheck/storecheck/internal/intake"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/saved"
)

// knownCommand is what the user writes behind storecheck known. Its targets are run as storecheck run does.
type knownCommand struct {
	run
	update string
	reason string
}

// notForKnown are the flags of storecheck run that are for reports, or that would make another run than storecheck run --known does.
var notForKnown = []string{"known", "json", "junit", "tap", "html", "format", "verbose", "color", "replay", "artifacts"}

func (k *knownCommand) command() *cobra.Command {
	c := &cobra.Command{
		Use:   "known --update FILE TARGET|RESULT.json...",
		Short: "bring a file of known failures up to date with a run",
		Long: `known runs the targets, or reads results that run --json has written, and changes a file of known failures, as run --known reads it:

  what fails and counts, and is not in the file, is added. Its reason is to be filled in, and run refuses the file until it is; --reason gives
        all new entries one
  what holds is removed
  what turns out flaky, or not flaky, expects the other thing
  everything else stays as it is: reasons, links, comments, order, and the entries on which the run says nothing

A file that is not there is made. Read what was added before you commit it: a known failure is a fault that users have.

Exit status:
  0  the file is up to date
  2  the command line, or a file that it names, is wrong
  3  a target broke: the file stays as it was`,
		Example: `  storecheck known --update known-failures.yaml ./store.js
  storecheck known --update known-failures.yaml result.json
  storecheck known --update known-failures.yaml ./store.js --reason 'until the new driver, see issue 12'`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("known needs a target to run, or a file that run --json has written, as in storecheck known --update known-failures.yaml ./store.js")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return k.secrets.HideError(k.do(c, args)) },
	}
	c.Flags().StringVar(&k.update, "update", "", "the `file` of known failures")
	c.Flags().StringVar(&k.reason, "reason", "", "the reason of every entry that is added; by default each is to be filled in")
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	k.declare(all)
	all.VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(notForKnown, f.Name) {
			c.Flags().AddFlag(f)
		}
	})
	return c
}

func (k *knownCommand) do(c *cobra.Command, args []string) error {
	k.learnSecrets(args)
	if k.update == "" {
		return errors.New("known needs --update FILE, the file of known failures")
	}
	text, err := intake.File(k.update, report.MaxKnown)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--update: %w", err)
	}
	file, err := report.ReadKnownFile(k.update, text)
	if err == nil {
		err = file.Known().Check(allIDs())
	}
	if err != nil {
		return err
	}
	results, err := k.results(c, file, args)
	if err != nil {
		return err
	}
	for _, r := range results {
		if r.Broken != nil {
			fmt.Fprintf(c.ErrOrStderr(), "storecheck: %s broke, and %s stays as it was: %s\n", r.Target.Spec, k.update, report.Line(r.Broken.Message))
			return exitStatus(report.ExitBroken)
		}
	}
	u, err := file.Update(results, strings.TrimSpace(k.reason))
	if err != nil {
		return err
	}
	if string(u.Text) != string(text) {
		if err := os.WriteFile(k.update, u.Text, 0o644); err != nil {
			return fmt.Errorf("--update: %w", err)
		}
	}
	return k.tell(c.OutOrStdout(), u)
}

// results runs the targets and reads the files.
func (k *knownCommand) results(c *cobra.Command, file *report.KnownFile, args []string) ([]*report.Result, error) {
	var files, targets []string
	for _, arg := range args {
		if isResult(arg) {
			files = append(files, arg)
		} else {
			targets = append(targets, arg)
		}
	}
	var results []*report.Result
	if len(files) > 0 {
		loaded, err := saved.Load(files...)
		if err != nil {
			return nil, err
		}
		results = saved.Plain(loaded)
		for _, r := range results {
			r.Level = max(r.Level, k.level)
		}
	}
	if len(targets) == 0 {
		return results, nil
	}
	if err := k.prepare(targets); err != nil {
		return nil, err
	}
	k.known = file.Known() // after prepare: entries may lack a reason, or be past their date
	_, _ = claimed.SweepTemporary()
	defer claimed.SweepTemporary() //nolint:errcheck // a folder that cannot be removed harms nobody
	return append(results, k.checkAll(c.Context(), c.ErrOrStderr(), targets)...), nil
}

// isResult reports whether an argument is a file with results, or a folder of such files.
func isResult(arg string) bool { return filepath.Ext(arg) == ".json" || isFolder(arg) }

// tell says what has changed.
func (k *knownCommand) tell(out io.Writer, u report.Update) error {
	var b strings.Builder
	signs := map[string]string{"added": "+", "removed": "-", "changed": "~", "unclear": "!"}
	for _, c := range u.Changes {
		fmt.Fprintf(&b, "%s %s: %s\n", signs[c.Did], c.ID, report.Line(k.secrets.Hide(c.Text)))
	}
	if len(u.Changes) == 0 {
		b.WriteString("nothing has changed\n")
	}
	stay := "stay"
	if u.Kept == 1 {
		stay = "stays"
	}
	if u.Kept > 0 {
		fmt.Fprintf(&b, "%s %s as before", counted(u.Kept, "entry"), stay)
		if u.Unasked > 0 {
			fmt.Fprintf(&b, ", %d of them because the run says nothing about it", u.Unasked)
		}
		b.WriteString("\n")
	}
	switch {
	case u.Missing == 1:
		fmt.Fprintf(&b, "1 entry has no reason yet: fill it in, in %s; storecheck run refuses the file until then.\n", k.update)
	case u.Missing > 1:
		fmt.Fprintf(&b, "%d entries have no reason yet: fill them in, in %s; storecheck run refuses the file until then.\n", u.Missing, k.update)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
