package cli

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/claimed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/installed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/matrix"
	"github.com/storecheck/storecheck/report"
)

// A matrixCommand is one call of storecheck matrix.
type matrixCommand struct {
	// each has the flags that every store gets as storecheck run would.
	each      run
	flags     *pflag.FlagSet
	machine   installed.Machine
	out       matrix.Folder
	durations string
	shard     matrix.Shard
	resume    bool
	list      bool
}

// sharedFlags are the flags of storecheck run that matrix has too.
var sharedFlags = []string{"only", "skip", "depth", "time", "seed", "budget", "timeout", "backend", "refresh", "parallel"}

func (m *matrixCommand) command() *cobra.Command {
	c := &cobra.Command{
		Use:   "matrix [NAME...]",
		Short: "check every store of the catalogue that can run here, side by side",
		Long: `matrix checks the stores of the catalogue that can run here, each as storecheck run would, several at a time. A NAME is that
of a recipe, as storecheck stores lists them, or a glob; it stands for the variants of the store too.

Each store has a file in the folder of --out, which is written when the store is done and holds the document that
storecheck run --json writes. A store that does not install, whose server does not start or that breaks has one with the reason.
A store that cannot run here has no file: storecheck stores and the table at the end say why.

Ctrl-C keeps what is done. --resume goes on: it leaves out each store that has a complete result of the same storecheck, contract,
recipe, requirements and flags. Without --seed it takes the seed of the last result.

--shard 2/4 takes the second of four shares, to run the others elsewhere. Every machine gets the same shares if it has the same
storecheck, the same NAMEs and the same folder of --durations: what is installed there, and what lies in --out, plays no part.
storecheck report merge puts the folders together.

PostgreSQL and MariaDB, which take seconds to start, are lent to one store after the other; stores have every other server for
themselves. With --backend all stores of that kind share your server, and keep to their own sessions there.

Exit status:
  0  every store that can run here has a result; what the verdicts are plays no part
  2  the command line, or a file that it names, is wrong
  3  a store broke or has no result, or the run was stopped`,
		Example: `  storecheck matrix
  storecheck matrix 'connect-*' --out results --parallel 4
  storecheck matrix --resume
  storecheck matrix --shard 1/4 --durations results --out shard --seed 42
  storecheck matrix --list`,
		RunE: func(c *cobra.Command, names []string) error {
			m.machine = installed.Look()
			return m.do(c, names)
		},
	}
	m.flags = c.Flags()
	m.flags.StringVar((*string)(&m.out), "out", "results", "the `folder` of the results, a file each")
	m.flags.BoolVar(&m.resume, "resume", false, "leave out the stores that have a complete result of the same run in the folder of --out")
	m.flags.Var(&m.shard, "shard", "check only the stores of share `I/N`, as in 2/4")
	m.flags.StringVar(&m.durations, "durations", "", "the `folder` of earlier results that say how long each store takes, for even shares and a good order (default for the order: --out)")
	m.flags.BoolVar(&m.list, "list", false, "say which stores would be checked, in their order, and check none")
	ofRun := pflag.NewFlagSet("", pflag.ContinueOnError)
	m.each.declare(ofRun)
	ofRun.Lookup("backend").Usage = "use your own server, as `name=URL`, for all stores of its kind, in place of those that the run starts; it is never cleared"
	ofRun.Lookup("parallel").Usage = "how many stores to check side by side"
	for _, name := range sharedFlags {
		m.flags.AddFlag(ofRun.Lookup(name))
	}
	return c
}

// do finds every mistake of the command line, then checks the stores, then shows what came of it.
func (m *matrixCommand) do(c *cobra.Command, names []string) error {
	for _, b := range m.each.target.Backends {
		m.each.secrets.Learn(b)
	}
	plan, err := m.plan(names)
	if err != nil {
		return m.each.secrets.HideError(err)
	}
	if m.list {
		return plan.show(c.OutOrStdout())
	}
	_, _ = claimed.SweepTemporary() // see run.do
	defer claimed.SweepTemporary()  //nolint:errcheck // see run.do
	for _, note := range plan.notes {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", note)
	}
	done := m.judge(c.Context(), c.ErrOrStderr(), plan)
	if err := done.show(c.OutOrStdout()); err != nil {
		done.errs = append(done.errs, err)
	}
	for _, err := range done.errs {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", err)
	}
	if left := len(plan.todo) - done.judged; left > 0 {
		fmt.Fprintf(c.ErrOrStderr(), "storecheck: %s left; to go on:\n  %s\n", count(left, "store is", "stores are"), m.again(names, plan.seed))
	}
	return done.exit()
}

// again is the command that goes on with a run that was stopped.
func (m *matrixCommand) again(names []string, seed uint64) string {
	c := commandLine{"storecheck", "matrix"}
	c = append(c, names...)
	m.flags.Visit(func(f *pflag.Flag) {
		if f.Name != "seed" && f.Name != "resume" {
			c.repeat(f)
		}
	})
	c.add("seed", strconv.FormatUint(seed, 10))
	c = append(c, "--resume")
	return m.each.shown(c)
}

// validate finds mistakes that the flags have in themselves.
func (m *matrixCommand) validate() error {
	if err := errors.Join(m.each.validateValues(), validateBackends(m.each.target.Backends)); err != nil {
		return err
	}
	if m.out == "" {
		return errors.New("--out: name a folder")
	}
	if err := writableFolder(string(m.out)); err != nil {
		return fmt.Errorf("--out %s: cannot be written: %w", m.out, err)
	}
	if m.durations == "" {
		return nil
	}
	info, err := os.Stat(m.durations)
	switch {
	case err != nil:
		return fmt.Errorf("--durations: %w", err)
	case !info.IsDir():
		return fmt.Errorf("--durations %s: this is a file; name a folder of results", m.durations)
	}
	if out, err := os.Stat(string(m.out)); err == nil && m.shard.Of > 0 && os.SameFile(info, out) {
		return fmt.Errorf("--durations %s: this is the folder of --out; what a shard writes there would change its share: write to another folder", m.durations)
	}
	return nil
}

// chooseSeed returns the seed of the user, or that of the last result if the run goes on, or a new one.
func (m *matrixCommand) chooseSeed(results map[string]*report.Result) uint64 {
	if m.each.seed != 0 || !m.resume {
		return cmp.Or(m.each.seed, rand.Uint64N(1<<31)+1)
	}
	var last *report.Result
	for _, r := range results {
		if last == nil || r.Started.After(last.Started) {
			last = r
		}
	}
	if last == nil {
		return rand.Uint64N(1<<31) + 1
	}
	return uint64(last.Seed)
}

// count says how many there are.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
