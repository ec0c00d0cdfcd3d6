package cli

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/claimed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/internal/intake"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A run is one call of storecheck run: its flags, and what follows from them for every target.
type run struct {
	runFlags
	planned  []*contract.Requirement // for the first target
	known    *report.Known
	replayed []property.Sequence // the sequence of --replay, if the user gives one
}

func (r *run) command() *cobra.Command {
	c := &cobra.Command{
		Use:   "run TARGET...",
		Short: "check stores and say which requirements hold",
		Long: `run checks each target in a process of its own and reports a verdict on every requirement.

Targets:
` + target.Forms + `

Exit status:
  0  every requirement that counts holds, or is a known failure; must counts, and more with --level
  1  a requirement that counts does not hold, or an expected failure is out of date
  2  the command line, or a file that it names, is wrong
  3  no verdict: the target or storecheck itself broke, or the run was stopped
  4  nothing failed, but a requirement that counts was flaky or inconclusive, or no requirement that counts was checked`,
		Example: `  storecheck run memory
  storecheck run npm:memorystore npm:session-file-store npm:connect-redis
  storecheck run npm:connect-redis --backend redis=redis://127.0.0.1:6379
  storecheck run npm:connect-session-knex --option database=postgresql
  storecheck run npm:some-store --factory 'async (session, env) => new (require("some-store")(session))({})'
  storecheck run ./store.js --profile @fastify/session
  storecheck run ./store.js --only touch --only 'get/*' --level should
  storecheck run ./store.js --known known-failures.yaml --junit report.xml
  storecheck run ./store.js --depth thorough --artifacts found
  storecheck run memory --format json | jq .verdict`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("run needs a target; use one of\n%s", target.Forms)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return r.do(c, args) },
	}
	r.declare(c.Flags())
	return c
}

// do finds every mistake of the command line, then checks the targets, then writes the reports.
func (r *run) do(c *cobra.Command, args []string) error {
	if err := r.prepare(args); err != nil {
		return r.secrets.HideError(err)
	}
	// The folders of runs that were killed are removed; one that cannot be harms nobody. A process that was killed just now may seem to live.
	_, _ = claimed.SweepTemporary()
	defer claimed.SweepTemporary() //nolint:errcheck // see above
	results := r.checkAll(c.Context(), c.ErrOrStderr(), args)
	for _, note := range r.known.Unmatched(targetsOf(results)...) {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", r.secrets.Hide(note))
	}
	if err := r.write(c.OutOrStdout(), c.ErrOrStderr(), results); err != nil {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", err)
		return exitStatus(report.ExitBroken)
	}
	return exitStatus(report.Exit(results...))
}

// prepare validates the flags, selects the requirements, draws a seed and reads the files that the flags name.
func (r *run) prepare(args []string) (err error) {
	r.learnSecrets(args)
	if err := r.selection.validate(allIDs()); err != nil {
		return err
	}
	if err := r.validate(args); err != nil {
		return err
	}
	for i, arg := range args {
		p, sure := target.ProfileOf(arg, r.target)
		planned, err := r.choose(p)
		if err != nil && sure {
			return err
		}
		if i == 0 {
			r.planned = planned
		}
	}
	if r.seed == 0 {
		r.seed = rand.Uint64N(1<<31) + 1
	}
	if err := r.readReplay(); err != nil {
		return err
	}
	return r.readKnown()
}

// maxReplay is far above the size of a sequence that --artifacts writes.
const maxReplay = 16 << 20

func (r *run) readReplay() error {
	if r.replay == "" {
		return nil
	}
	if !slices.Contains(r.planned, contract.PropertySequences) {
		return fmt.Errorf("--replay: --only and --skip leave out %s, which runs it", contract.PropertySequences.ID)
	}
	text, err := intake.File(r.replay, maxReplay)
	if err == nil {
		err = intake.JSON(text, intake.FileDepth, intake.FileValues)
	}
	if err != nil {
		return fmt.Errorf("--replay: %w", err)
	}
	sequence, err := property.ParseSequence(text)
	if err != nil {
		return fmt.Errorf("--replay %s: %w", r.replay, err)
	}
	r.replayed = []property.Sequence{sequence}
	return nil
}

func (r *run) readKnown() error {
	if r.knownFile == "" {
		return nil
	}
	text, err := intake.File(r.knownFile, report.MaxKnown)
	if err != nil {
		return fmt.Errorf("--known: %w", err)
	}
	if r.known, err = report.ParseKnown(r.knownFile, text, time.Now()); err != nil {
		return err
	}
	return r.known.Check(allIDs())
}

func idsOf(requirements []*contract.Requirement) []string {
	ids := make([]string, len(requirements))
	for i, r := range requirements {
		ids[i] = r.ID
	}
	return ids
}

// checkAll checks the targets, as many side by side as --parallel says. The results are in the order of the command line.
func (r *run) checkAll(ctx context.Context, errout io.Writer, args []string) []*report.Result {
	names := make([]string, len(args))
	for i, arg := range args {
		names[i] = r.secrets.Hide(arg)
	}
	progress := newProgressBoard(errout, names, len(r.planned), "checked")
	defer progress.wait()
	results := make([]*report.Result, len(args))
	slots := make(chan struct{}, r.parallel)
	var wg sync.WaitGroup
	for i, arg := range args {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			results[i] = r.check(ctx, arg, progress.lines[i])
		})
	}
	wg.Wait()
	return results
}

func targetsOf(results []*report.Result) []report.Target {
	targets := make([]report.Target, len(results))
	for i, r := range results {
		targets[i] = r.Target
	}
	return targets
}
