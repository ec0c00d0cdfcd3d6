package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/claimed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/speed"
)

// benchFlags are what the user writes behind storecheck bench, apart from the targets.
type benchFlags struct {
	storeFlags
	plan   speed.Plan
	seed   uint64
	format string
	look   outputs // its colours
	file   string  // --json
}

const (
	mostSize     = 1 << 20
	mostSessions = 100_000
	mostCallers  = 1000
	mostSeconds  = 600
	mostRounds   = 100
	// warmUp is the part of the time of a figure that comes before it and does not count.
	warmUp = 0.2
)

func benchCommand() *cobra.Command {
	var f benchFlags
	c := &cobra.Command{
		Use:   "bench TARGET...",
		Short: "measure stores side by side: throughput and latency of get, set, touch and a mix",
		Long: `bench fills each store with sessions, calls it in a closed loop inside the process that holds it, and prints
calls per second and the percentiles of their time, store beside store. The targets take turns for every figure, in
several rounds, so that what else the machine does meets all of them; a number is the median of the rounds.

Targets:
` + target.Forms + `

Operations:
  get    of a session that is there; the answer is checked: a wrong one is no figure
  set    of a session in which one value has changed, with a cookie that lives anew
  touch  with a cookie that lives anew
  mix    what express-session does for a request: a get, then a touch of the same session; each fifth request has
         changed it, and sets it. A store without touch sets each time
  none   the mix on no store at all: what the driver takes by itself. Nothing can be faster in that process

What the figures mean:
  Closed loop: each of the callers makes its next call when the last one is answered. While a slow call lasts, its
  caller makes none, so p50 and p99 are the time of calls under that load, and not the time that requests which
  arrive at their own rate would wait. Time is taken from the call to the callback (in Go: the return); what the
  driver does before and behind it, such as checking, counts for calls per second, and shows in none.
  cpu is the processor time of a call in the process of the store, not in its server; on a busy machine it is what
  to compare.
  They hold for this machine, with stores, runtimes and servers all on it, and for sessions of that size that are
  read as often as others. They do not show what a network between store and server costs, how much memory a store
  takes, what a cache gains that holds only some sessions, or whether the store is right: storecheck run does.
  A Go store hands out a session that is not decoded yet, a Node store one that is. In Go a changed value makes a new
  text of the session: calls per second and cpu of set hold that, p50 and p99 do not.
  Servers that bench starts are made for speed, as by leaving out what a loss of power asks for; the report says it.
  --backend measures your own.

Exit status:
  0  every figure was measured
  1  a store failed or answered wrongly: it has no figure there
  2  the command line is wrong
  3  a target or storecheck itself broke, or the bench was stopped`,
		Example: `  storecheck bench memory file npm:memorystore
  storecheck bench npm:connect-redis npm:connect-pg-simple --callers 1,64 --size 1000
  storecheck bench npm:connect-redis --backend redis=redis://127.0.0.1:6379 --seconds 5 --rounds 7
  storecheck bench ./my-store.js npm:memorystore --format markdown
  storecheck bench memory npm:session-file-store --json bench.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("bench needs a target; use one of\n%s", target.Forms)
			}
			return nil
		},
		RunE: f.do,
	}
	f.declare(c.Flags())
	return c
}

func (f *benchFlags) declare(command *pflag.FlagSet) {
	f.plan.Operations = []bench.Operation{bench.Get, bench.Set, bench.Touch, bench.Mix, bench.None}
	set := f.groups.once(anyTarget)
	set.IntSliceVar(&f.plan.Callers, "callers", []int{1, 16}, "how many calls are in flight, separated by commas")
	set.IntSliceVar(&f.plan.Sizes, "size", []int{300, 4096}, "`bytes` of a session's JSON, separated by commas")
	set.IntVar(&f.plan.Sessions, "sessions", 1000, "how many sessions of each size a store holds")
	set.Float64Var(&f.plan.Seconds, "seconds", 0.5, "how long each figure is measured in a round; a fifth of it comes before, as a warm-up")
	set.IntVar(&f.plan.Rounds, "rounds", 3, "how often everything is measured")
	set.Uint64Var(&f.seed, "seed", 0, "of the ids and the sessions; 0 chooses one and prints it")
	f.declareMaking("use your own server, as `name=URL`, in place of one that bench starts")
	f.groups.once(anyTarget).DurationVar(&f.target.CallTimeout, "timeout", 15*time.Second, "how long a call on the store may take")
	out := f.groups.once(anyTarget)
	out.StringVar(&f.file, "json", "", "write the figures as JSON to `file`; - is standard output, alone")
	out.Var(newChoice(&f.format, "pretty", "pretty", "markdown", "json"), "format", "what to print: pretty, markdown or json; goes to standard error when - takes standard output")
	out.Var(newChoice(&f.look.color, "auto", "auto", "always", "never"), "color", "when to use colours: auto, always or never")
	f.declareRefresh()
	f.groups.addTo(command)
}

// validate finds every mistake of the command line.
func (f *benchFlags) validate(targets []string) error {
	p := &f.plan
	within := func(flag string, least, most int, values ...int) error {
		for _, v := range values {
			if v < least || v > most {
				return fmt.Errorf("--%s %d: give %d to %d", flag, v, least, most)
			}
		}
		if len(values) == 0 {
			return fmt.Errorf("--%s: give a number", flag)
		}
		return nil
	}
	if err := firstOf(
		within("callers", 1, mostCallers, p.Callers...), within("size", bench.MinSize, mostSize, p.Sizes...),
		within("sessions", 1, mostSessions, p.Sessions), within("rounds", 1, mostRounds, p.Rounds),
	); err != nil {
		return err
	}
	switch most := slices.Max(p.Callers); {
	case !(p.Seconds >= 0.01 && p.Seconds <= mostSeconds):
		return fmt.Errorf("--seconds %g: give 0.01 to %d", p.Seconds, mostSeconds)
	case most > p.Sessions:
		return fmt.Errorf("--callers %d: each caller needs a session of its own; raise --sessions, which is %d", most, p.Sessions)
	case f.seed > math.MaxInt64:
		return fmt.Errorf("--seed: the greatest is %d", int64(math.MaxInt64))
	case f.target.CallTimeout <= 0:
		return errors.New("--timeout: give a duration of more than zero, such as 5s")
	case repeats(p.Callers) || repeats(p.Sizes):
		return errors.New("--callers and --size: name each number once")
	case f.file == "-" && f.format == "json":
		return errors.New("--format json and --json - both write to standard output: name a file for one")
	}
	if err := f.validateFile(); err != nil {
		return fmt.Errorf("--json %s: %w", f.file, err)
	}
	return f.validateStores(targets)
}

// validateFile returns why the file of --json cannot be written, before anything runs.
func (f *benchFlags) validateFile() error {
	switch folder := filepath.Dir(f.file); {
	case f.file == "" || f.file == "-":
		return nil
	case !isFolder(folder):
		return fmt.Errorf("there is no folder %s", folder)
	case isFolder(f.file):
		return errors.New("this is a folder; name a file")
	}
	if err := writableFile(f.file); err != nil {
		return fmt.Errorf("cannot be written: %w", err)
	}
	return nil
}

// firstOf is the first error, if there is one.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func repeats(values []int) bool {
	sorted := slices.Sorted(slices.Values(values))
	return len(slices.Compact(sorted)) < len(values)
}

func (f *benchFlags) do(c *cobra.Command, args []string) error {
	f.learnSecrets(args)
	if err := f.validate(args); err != nil {
		return f.secrets.HideError(err)
	}
	if f.seed == 0 {
		f.seed = rand.Uint64N(1<<31) + 1
	}
	f.plan.WarmUp = f.plan.Seconds * warmUp
	fmt.Fprintf(c.ErrOrStderr(), "storecheck: measuring takes about %s, and some more to start the targets and to fill them\n",
		f.plan.Duration(len(args)).Round(time.Second))
	// As in run.
	_, _ = claimed.SweepTemporary()
	defer claimed.SweepTemporary() //nolint:errcheck // see run
	result := f.measure(c.Context(), c.ErrOrStderr(), args)
	f.hide(result)
	if err := f.write(c.OutOrStdout(), c.ErrOrStderr(), result); err != nil {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", err)
		return exitStatus(report.ExitBroken)
	}
	switch {
	case result.Broke():
		return exitStatus(report.ExitBroken)
	case !result.Complete():
		return exitStatus(report.ExitFailed)
	}
	return nil
}

// measure runs the bench.
func (f *benchFlags) measure(ctx context.Context, errout io.Writer, args []string) *speed.Result {
	b := newBencher(f, args)
	names := make([]string, len(args))
	for i, arg := range args {
		names[i] = f.secrets.Hide(arg)
	}
	board := newProgressBoard(errout, names, len(f.plan.Steps())*f.plan.Rounds, "measured")
	defer board.wait()
	for i, s := range b.stores {
		s.line = board.lines[i]
		defer s.line.done()
	}
	return b.run(ctx)
}

// write writes the reports.
func (f *benchFlags) write(out, errout io.Writer, r *speed.Result) error {
	printed := out
	if f.file == "-" {
		printed = errout
	}
	var err error
	switch f.format {
	case "json":
		err = r.Write(printed)
	case "markdown":
		err = speed.Markdown(printed, r)
	default:
		err = speed.Pretty(printed, r, styleOf(printed, f.look.color, f.look.verbose))
	}
	return errors.Join(toFile(f.file, out, r.Write), err)
}

// hide takes the passwords out of a result.
func (f *benchFlags) hide(r *speed.Result) {
	h := &f.secrets
	h.HideAll(&r.Stopped)
	for i := range r.Targets {
		t := &r.Targets[i]
		h.HideAll(&t.Spec, &t.Name, &t.Version, &t.Runtime, &t.Problem, &t.Broken)
		for i := range t.Notes {
			h.HideAll(&t.Notes[i])
		}
	}
	for i := range r.Figures {
		g := &r.Figures[i]
		h.HideAll(&g.Target, &g.Problem)
		for i := range g.Rounds {
			h.HideAll(&g.Rounds[i].FirstError)
		}
	}
}

// fileSystemOfTemporary is the file system of the folder for temporary files, if it is known.
func fileSystemOfTemporary() string { return fileSystem(os.TempDir()) }
