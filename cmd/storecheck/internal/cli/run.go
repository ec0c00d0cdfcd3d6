package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/worker"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A run is one invocation of storecheck run.
type run struct {
	selection
	outputs
	target      target.Options
	config      []string
	claims      struct{ durable, shared, disposable bool }
	level       string
	seed        uint64
	knownFile   string
	depth       string
	replay      string
	artifacts   string
	parallel    int
	granularity time.Duration

	property property.Options // but for the folder, which is each target's own

	known   *report.Known
	planned []*contract.Requirement
	count   contract.Level
}

func (r *run) command() *cobra.Command {
	c := &cobra.Command{
		Use:   "run TARGET...",
		Short: "check stores and say which clauses hold",
		Long: `run checks each target in a process of its own and reports a verdict on every requirement.

Targets:
` + target.Forms + `

Exit status:
  0  every requirement that counts holds, or is a known failure; must counts, and more with --level
  1  one that counts does not hold, or an expected failure is out of date
  2  the command line, or a file that it names, is wrong
  3  the target or storecheck itself broke, or the run was stopped: no verdict
  4  nothing failed, but something that counts was flaky or inconclusive, or nothing that counts was checked`,
		Example: `  storecheck run memory
  storecheck run npm:memorystore npm:session-file-store npm:connect-redis
  storecheck run npm:connect-redis --backend redis=redis://127.0.0.1:6379
  storecheck run npm:some-store --factory 'async (session, env) => new (require("some-store")(session))({})'
  storecheck run ./store.js --only touch --only 'get/*' --level should
  storecheck run ./store.js --known known-failures.yaml --junit report.xml
  storecheck run ./store.js --depth thorough --artifacts found
  storecheck run memory --format json | jq .verdict`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("run needs a target; write one of\n%s", target.Forms)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return r.do(c, args) },
	}
	f := c.Flags()
	r.selection.flags(c)
	r.outputs.flags(c)
	f.StringVar(&r.level, "level", "must", "what counts for the exit status: must, should or may")
	f.Uint64Var(&r.seed, "seed", 0, "the root of all random values, to repeat a run; 0 chooses one and prints it")
	f.StringVar(&r.knownFile, "known", "", "file of known failures, YAML or one id a line")
	f.StringVar(&r.depth, "depth", string(conformance.Normal), "how much is tried where more time finds more: quick, normal or thorough")
	f.StringVar(&r.artifacts, "artifacts", "", "write failing sequences, and pictures of failing histories, below `folder`, in one of its own for each target")
	f.StringVar(&r.replay, "replay", "", "run the sequence in `file` first, which an earlier run has written to --artifacts")
	f.IntVar(&r.parallel, "parallel", max(2, runtime.NumCPU()), "how many targets are checked side by side")
	f.StringVar(&r.target.Factory, "factory", "", "JavaScript `function` (session, env) => store, for an npm package without a recipe")
	f.StringArrayVar(&r.target.Install, "install", nil, "a further npm `package` that the factory needs (may be repeated)")
	f.BoolVar(&r.target.Scripts, "scripts", false, "let npm run the install scripts of the packages, which those with native code need")
	f.StringArrayVar(&r.config, "option", nil, "`name=value` for env.options of the store; the value is JSON or else text (may be repeated)")
	f.StringArrayVar(&r.target.Backends, "backend", nil, "a server of yours instead of one started for the run, as `name=URL`; never cleared without --disposable")
	f.BoolVar(&r.claims.durable, "durable", false, "the store keeps its sessions over a restart")
	f.BoolVar(&r.claims.shared, "shared", false, "instances of the store see each other's sessions")
	f.BoolVar(&r.claims.disposable, "disposable", false, "the store's sessions may all be cleared and counted; on a server or in a folder of yours the word of its module is not enough")
	f.DurationVar(&r.granularity, "granularity", 0, "how exactly the store keeps time, such as 10ms (default what the store says, or else 1s)")
	f.DurationVar(&r.target.CallTimeout, "timeout", 0, "how long a call on the store may take (default 15s)")
	f.BoolVar(&r.target.Refresh, "refresh", false, "install npm packages anew")
	f.BoolVar(&r.target.Validate, "validate", false, "check every message of the protocol against its schema, for authors of exec: targets")
	return c
}

// do checks the command line as a whole, then the targets, then writes the reports.
func (r *run) do(c *cobra.Command, args []string) error {
	if err := r.complete(c, args); err != nil {
		return err
	}
	results := r.check(c.Context(), c.ErrOrStderr(), args)
	for _, note := range r.known.Unmatched(targetsOf(results)...) {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", note)
	}
	if err := r.write(c.OutOrStdout(), c.ErrOrStderr(), results); err != nil {
		fmt.Fprintln(c.ErrOrStderr(), "storecheck:", err)
		return exitStatus(report.ExitBroken)
	}
	return exitStatus(report.Exit(results...))
}

func targetsOf(results []*report.Result) []report.Target {
	var targets []report.Target
	for _, r := range results {
		targets = append(targets, r.Target)
	}
	return targets
}

// complete turns the flags into what they mean, and finds every mistake before anything runs.
func (r *run) complete(c *cobra.Command, args []string) (err error) {
	if err := r.count.UnmarshalText([]byte(r.level)); err != nil {
		return fmt.Errorf("--level: %w", err)
	}
	if r.planned, err = r.choose(); err != nil {
		return err
	}
	if err := r.random(); err != nil {
		return err
	}
	if r.parallel < 1 {
		return errors.New("--parallel: write 1 or more")
	}
	if r.seed > math.MaxInt64 {
		return fmt.Errorf("--seed: the greatest is %d", int64(math.MaxInt64))
	}
	if r.seed == 0 {
		r.seed = rand.Uint64N(1<<31) + 1
	}
	r.target.Granularity = r.granularity
	for flag, to := range map[string]**bool{"durable": &r.target.Durable, "shared": &r.target.Shared, "disposable": &r.target.Disposable} {
		if c.Flags().Changed(flag) {
			said, _ := c.Flags().GetBool(flag)
			*to = &said
		}
	}
	if r.target.Config, err = options(r.config); err != nil {
		return err
	}
	if r.target.CallTimeout < 0 || r.granularity < 0 {
		return errors.New("--timeout and --granularity take a duration of more than zero, such as 5s")
	}
	if err := r.packages(args); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, arg := range args {
		if _, err := target.Parse(arg, r.target); err != nil {
			return err
		}
		if seen[arg] {
			return fmt.Errorf("%s is named twice", arg)
		}
		seen[arg] = true
	}
	if err := r.outputs.complete(len(args)); err != nil {
		return err
	}
	return r.readKnown()
}

// packages refuses what is said about npm packages, and servers, where no target can have any.
func (r *run) packages(args []string) error {
	named := map[string]bool{}
	for _, b := range r.target.Backends {
		s, err := backend.Parse(b)
		if err != nil {
			return fmt.Errorf("--backend: %w", err)
		}
		if named[s.Name] {
			return fmt.Errorf("--backend: %s is named twice", s.Name)
		}
		named[s.Name] = true
	}
	if r.target.Backends != nil && !slices.ContainsFunc(args, takesBackend) {
		return errors.New("--backend is for stores in other processes, and memory and file are none")
	}
	if slices.ContainsFunc(args, isPackage) {
		return nil
	}
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"--factory", r.target.Factory != ""},
		{"--install", r.target.Install != nil},
		{"--scripts", r.target.Scripts},
		{"--refresh", r.target.Refresh},
	} {
		if f.set {
			return fmt.Errorf("%s is for npm: targets, and there is none", f.name)
		}
	}
	return nil
}

func isPackage(arg string) bool { return strings.HasPrefix(arg, "npm:") }

func takesBackend(arg string) bool {
	return arg != "memory" && arg != "file" && !strings.HasPrefix(arg, "file:")
}

// random reads what is said about the chapter property.
func (r *run) random() (err error) {
	if r.property.Depth, err = conformance.ParseDepth(r.depth); err != nil {
		return fmt.Errorf("--depth: %w", err)
	}
	if r.replay == "" {
		return nil
	}
	if !slices.Contains(r.planned, contract.PropertySequences) {
		return fmt.Errorf("--replay: --only and --skip leave out %s, which runs it", contract.PropertySequences.ID)
	}
	text, err := os.ReadFile(r.replay)
	if err != nil {
		return fmt.Errorf("--replay: %w", err)
	}
	sequence, err := property.ParseSequence(text)
	if err != nil {
		return fmt.Errorf("--replay %s: %w", r.replay, err)
	}
	r.property.Replay = []property.Sequence{sequence}
	return nil
}

func (r *run) readKnown() error {
	if r.knownFile == "" {
		return nil
	}
	text, err := os.ReadFile(r.knownFile)
	if err != nil {
		return fmt.Errorf("--known: %w", err)
	}
	if r.known, err = report.ParseKnown(r.knownFile, text, time.Now()); err != nil {
		return err
	}
	return r.known.Check(ids(contract.All()))
}

// options reads name=value pairs; a value that is no JSON is text.
func options(pairs []string) (map[string]any, error) {
	all := map[string]any{}
	for _, p := range pairs {
		name, text, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--option %s: write name=value", p)
		}
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			value = text
		}
		all[name] = value
	}
	return all, nil
}

func ids(rs []*contract.Requirement) []string {
	ids := make([]string, len(rs))
	for i, r := range rs {
		ids[i] = r.ID
	}
	return ids
}

// check checks the targets, as many side by side as --parallel says, and returns their results in the order of the command line.
func (r *run) check(ctx context.Context, errout io.Writer, args []string) []*report.Result {
	progress := newProgress(errout, args, len(r.planned))
	defer progress.wait()
	results := make([]*report.Result, len(args))
	slots := make(chan struct{}, r.parallel)
	var wg sync.WaitGroup
	for i, arg := range args {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			results[i] = r.one(ctx, arg, progress.line(i))
		})
	}
	wg.Wait()
	return results
}

// one checks one target.
func (r *run) one(ctx context.Context, arg string, line *line) *report.Result {
	start := time.Now()
	result := report.New(r.planned)
	result.Storecheck, result.Seed, result.Started = target.Version, int64(r.seed), start
	result.Target = report.Target{Name: arg, Spec: arg, Command: r.againAll(arg)}
	job := worker.Job{Target: arg, Options: r.target, Seed: r.seed, Property: r.property}
	if r.artifacts != "" {
		job.Property.Artifacts = filepath.Join(r.artifacts, fileName(arg))
	}
	wholeRun := map[string]bool{}
	defer func() {
		result.Seconds = time.Since(start).Seconds()
		result.Finish(r.count)
		for i := range result.Requirements {
			if q := &result.Requirements[i]; q.Status != contract.Pass && q.Status != contract.Skip {
				q.Again = r.againOne(arg, q.ID, wholeRun[q.ID], job.Property.Artifacts)
			}
		}
		line.done()
	}()
	// What is known by name before the target is open is the command line's word for it; recipes and modules have names of their own.
	skipped := map[string]string{}
	for _, q := range r.planned {
		if reason, skip := r.known.Skip(nameOf(arg), q.ID); skip {
			skipped[q.ID] = reason
		} else {
			job.IDs = append(job.IDs, q.ID)
		}
	}
	for id, reason := range skipped {
		result.Add(contract.Verdict{ID: id, Status: contract.Skip, Reason: reason})
	}
	if len(job.IDs) == 0 {
		return result
	}
	err := worker.Run(ctx, job, func(e worker.Event) {
		switch {
		case e.Doing != "":
			line.doing(e.Doing)
		case e.Opened != nil:
			t := &result.Target
			t.Name, t.Version, t.Runtime = e.Opened.Name, e.Opened.Version, e.Opened.Runtime
			has := e.Opened.Capabilities
			result.Capabilities = map[string]bool{"touch": has.Touch, "all": has.All, "clear": has.Clear, "length": has.Length}
			line.doing("")
		case e.Verdict != nil:
			line.step(*e.Verdict)
			wholeRun[e.Verdict.ID] = e.Verdict.WholeRun
			result.Add(r.known.Apply(result.Target, *e.Verdict))
		case e.Done != nil:
			result.Notes = e.Done.Notes
			if e.Done.Broken != "" {
				result.Broken = &report.Trouble{Message: e.Done.Broken}
			}
		}
	})
	if err != nil {
		result.Broken = &report.Trouble{Kind: "worker", Message: err.Error()}
	}
	return result
}

// nameOf is what a known-failures file may call a target before it is open.
func nameOf(arg string) report.Target {
	name, version := strings.TrimPrefix(arg, "npm:"), ""
	if i := strings.LastIndexByte(name, '@'); i > 0 && name != arg {
		name, version = name[:i], name[i+1:]
	}
	return report.Target{Name: name, Version: version, Spec: arg}
}
