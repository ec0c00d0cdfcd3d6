package cli

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/worker"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

// A targetCheck is the work on one target.
type targetCheck struct {
	run    *run
	arg    string // the target as the user wrote it
	line   *progressLine
	result *report.Result
	opened bool
	// profile is the contract by which the store is judged. Nobody knows it for sure before the store is open.
	profile *profile.Profile

	inRealTime string // a note; empty where the time is the one that was asked for

	artifacts string          // the folder of this target, or empty
	wholeRun  map[string]bool // by id: the verdict came of the calls of several checks
}

// check checks one target.
func (r *run) check(ctx context.Context, arg string, line *progressLine) *report.Result {
	c := &targetCheck{run: r, arg: arg, line: line, wholeRun: map[string]bool{}}
	defer line.done()
	c.profile, _ = target.ProfileOf(arg, r.target)
	c.begin()
	if r.artifacts != "" {
		c.artifacts = filepath.Join(r.artifacts, fileName(r.secrets.Hide(arg)))
	}
	if !c.skipsAll() {
		c.runWorker(ctx, c.job())
	}
	if b := c.result.Broken; b != nil && ctx.Err() != nil {
		b.Kind = report.KindStopped
	}
	c.finish()
	return c.result
}

// runWorker has a worker do the job. A worker that is stopped because its time is used up leaves the verdicts that it has.
func (c *targetCheck) runWorker(ctx context.Context, job worker.Job) {
	ctx, cancel := worker.WithBudget(ctx, job.Budget)
	defer cancel()
	if err := worker.Run(ctx, job, c.see); err != nil {
		c.result.Broken = &report.Trouble{Kind: "worker", Message: err.Error()}
	}
	reason, over := worker.OverBudget(ctx)
	switch {
	case !over:
	case c.opened:
		c.result.Broken = nil
		c.leaveUnreached(reason)
	default:
		c.result.Broken = &report.Trouble{Kind: "budget", Message: "the store could not be opened in time: " + reason}
	}
}

// begin makes the result of a run by the profile. A requirement that the known failures skip has its verdict here.
func (c *targetCheck) begin() {
	planned, err := c.run.choose(c.profile)
	r := report.New(planned)
	if err != nil { // the store has shown to be one of another profile
		r.Broken = &report.Trouble{Message: err.Error()}
	}
	r.Profile = report.NewProfile(c.profile)
	r.Storecheck, r.Seed, r.Started = target.Version, int64(c.run.seed), time.Now()
	r.Target = report.Target{Name: c.arg, Spec: c.arg, Command: c.run.againAll(c.arg), Factory: c.run.factoryOf(c.arg)}
	r.Store = storeOf(c.arg, c.run.target)
	r.LeftOut = len(c.profile.Requirements()) - len(planned)
	guess := guessTarget(c.arg)
	for _, q := range planned {
		if reason, skip := c.run.known.Skip(guess, q.ID); skip {
			r.Add(contract.Verdict{ID: q.ID, Status: contract.Skip, Reason: reason})
		}
	}
	c.result = r
	c.line.plan(len(planned))
}

// skipsAll reports whether the known failures skip everything. Where nothing is planned the store may show another profile, of which something is.
func (c *targetCheck) skipsAll() bool {
	return len(c.result.Requirements) > 0 && !slices.ContainsFunc(c.result.Requirements, func(q report.Requirement) bool { return q.Status == "" })
}

// job is the work for the worker. A requirement that the known failures skip is not part of it.
func (c *targetCheck) job() worker.Job {
	job := worker.Job{
		Target: c.arg, Options: c.run.target, Seed: c.run.seed, Depth: c.run.depth, Replay: c.run.replayed, Artifacts: c.artifacts,
		Repeat: c.run.known.Flaky(), Budget: c.run.budgetOf(),
	}
	guess := guessTarget(c.arg)
	for _, id := range allIDs() {
		if _, skip := c.run.known.Skip(guess, id); c.run.has(id) && !skip {
			job.IDs = append(job.IDs, id)
		}
	}
	return job
}

// see takes one event of the worker into the result.
func (c *targetCheck) see(e worker.Event) {
	switch {
	case e.Doing != "":
		c.line.doing(c.run.secrets.Hide(e.Doing))
	case e.Opened != nil:
		c.opened = true
		if p, known := profile.Lookup(e.Opened.Profile); known && p != c.profile {
			c.profile = p
			c.begin()
		}
		t, has := &c.result.Target, e.Opened.Capabilities
		t.Name, t.Version, t.Runtime = e.Opened.Name, e.Opened.Version, e.Opened.Runtime
		c.result.Time = e.Opened.Time.Used
		if why := e.Opened.Time.Why; why != "" {
			c.inRealTime = "in real time: " + why
		}
		c.result.Capabilities = map[string]bool{"touch": has.Touch, "all": has.All, "clear": has.Clear, "length": has.Length}
		if s := c.result.Store; s != nil {
			s.Server = e.Opened.Server
		}
		c.line.doing("")
	case e.Verdict != nil:
		c.line.count(*e.Verdict)
		c.wholeRun[e.Verdict.ID] = e.Verdict.WholeRun
		v := c.run.known.Held(c.result.Target, *e.Verdict, e.Repeated.Held, e.Repeated.Times)
		c.result.Add(c.run.known.Apply(c.result.Target, v))
	case e.Done != nil:
		c.result.Notes = e.Done.Notes
		if c.inRealTime != "" {
			c.result.Notes = append([]string{c.inRealTime}, c.result.Notes...)
		}
		if e.Done.Unreached != "" {
			c.leaveUnreached(e.Done.Unreached)
		}
		if e.Done.Broken != "" {
			c.result.Broken = &report.Trouble{Kind: e.Done.Kind, Message: e.Done.Broken}
		}
	}
}

// finish completes the result. Each requirement that did not hold gets the command that shows it again.
func (c *targetCheck) finish() {
	c.result.Seconds = time.Since(c.result.Started).Seconds()
	c.hideSecrets()
	c.result.Finish(c.run.level)
	c.result.Diagnosis = c.result.Diagnose(plantedFaults())
	for i := range c.result.Requirements {
		if q := &c.result.Requirements[i]; q.Status != contract.Pass && q.Status != contract.Skip {
			q.Again = c.run.againOne(c.arg, q.ID, c.wholeRun[q.ID], c.artifacts)
		}
	}
}

// guessTarget is the name and the version that the command line gives a target. A recipe or a module may say another name later, when it is open.
func guessTarget(arg string) report.Target {
	name, version := strings.TrimPrefix(strings.TrimPrefix(arg, "npm:"), "go:"), ""
	if i := strings.LastIndexByte(name, '@'); i > 0 && name != arg {
		name, version = name[:i], name[i+1:]
	}
	return report.Target{Name: name, Version: version, Spec: arg}
}
