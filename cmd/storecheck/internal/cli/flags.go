package cli

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"time"

	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// runFlags are what the user writes behind storecheck run, apart from the targets.
type runFlags struct {
	selection
	outputs
	level contract.Level // the weakest level that counts
	depth subject.Depth
	storeFlags
	seed      uint64
	knownFile string
	replay    string
	artifacts string
	parallel  int
	budget    time.Duration // 0 for the default of the depth
}

// declare adds the flags to a command. A flag is written once, here or in the declare of selection or outputs: its group says which targets
// take it, and whether the command behind "again" repeats it. That command has the flags in the order of this function.
func (f *runFlags) declare(command *pflag.FlagSet) {
	verdict := f.groups.repeated(anyTarget)
	verdict.Var(newChoice(&f.level, contract.Must, contract.Must, contract.Should, contract.May), "level", "what counts for the exit status: must, should or may")
	verdict.Var(newChoice(&f.depth, subject.Normal, subject.Quick, subject.Normal, subject.Thorough), "depth",
		"how much to try: quick, normal or thorough; more time finds more")

	f.groups.repeated(processTargets).Var(newProfileName(&f.target.Profile), "profile",
		"judge the store by the contract of this `middleware`; storecheck profiles lists them (default that of the recipe, or what the store shows)")

	f.declareMaking("use your own server, as `name=URL`, in place of one that the run starts; it is never cleared without --disposable")

	verdict.Var(newChoice(&f.target.Time, "", report.TimeShifted, report.TimeReal), "time",
		"the clock that stores live by: shifted has it jump where real would wait (default "+target.DefaultTime+")")

	claims := f.groups.repeated(anyTarget)
	claims.DurationVar(&f.target.Granularity, "granularity", 0, "how exactly the store keeps time, such as 10ms (default what the store says, or else 1s)")
	claims.DurationVar(&f.target.CallTimeout, "timeout", 0, "how long a call on the store may take (default 15s)")
	claimVar(claims, &f.target.Durable, "durable", "the store keeps its sessions over a restart")
	claimVar(claims, &f.target.Shared, "shared", "instances of the store see each other's sessions")
	claimVar(claims, &f.target.Disposable, "disposable", "the run may clear and count all sessions of the store; required for your own server or folder, even if the module says it is disposable")
	claims.BoolVar(&f.target.Validate, "validate", false, "check every message of the protocol against its schema, for authors of exec: targets")

	// again.go has a rule for each of --seed, --replay, --only and --skip.
	once := f.groups.once(anyTarget)
	f.selection.declare(once)
	once.Uint64Var(&f.seed, "seed", 0, "the root of all random values, to repeat a run; 0 chooses one and prints it")
	once.StringVar(&f.replay, "replay", "", "first run the sequence in `file`; an earlier run with --artifacts has written it")
	once.StringVar(&f.artifacts, "artifacts", "", "write failing sequences, and pictures of failing histories, below `folder`; each target has a folder there")
	once.StringVar(&f.knownFile, "known", "", "file of known failures, YAML or one id a line")
	once.DurationVar(&f.budget, "budget", 0, "how long the check of a target may take; then it ends with the verdicts it has (default 10m, or 1h with --depth thorough)")
	once.IntVar(&f.parallel, "parallel", max(2, runtime.NumCPU()), "how many targets to check side by side")
	f.outputs.declare(once)
	f.declareRefresh()

	f.groups.addTo(command)
}

// validate finds mistakes that a value has in itself, or together with the targets. It reads no file.
func (f *runFlags) validate(targets []string) error {
	if err := f.validateValues(); err != nil {
		return err
	}
	if err := f.validateStores(targets); err != nil {
		return err
	}
	if f.artifacts != "" {
		if err := writableFolder(f.artifacts); err != nil {
			return fmt.Errorf("--artifacts %s: cannot be written: %w", f.artifacts, err)
		}
	}
	return f.outputs.validate(len(targets))
}

// validateValues finds mistakes that a value has in itself.
func (f *runFlags) validateValues() error {
	switch {
	case f.parallel < 1:
		return errors.New("--parallel: use 1 or more")
	case f.seed > math.MaxInt64:
		return fmt.Errorf("--seed: the greatest is %d", int64(math.MaxInt64))
	case f.budget < 0 || f.budget > 0 && f.budget < leastBudget:
		return fmt.Errorf("--budget: give at least %s, such as 5m", leastBudget)
	case f.target.Granularity > target.MostGranularity:
		return fmt.Errorf("--granularity: the greatest is %s: a session must end somewhere near its expires", target.MostGranularity)
	case f.target.CallTimeout < 0 || f.target.Granularity < 0:
		return errors.New("--timeout and --granularity take a duration of more than zero, such as 5s")
	}
	return nil
}
