package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/claimed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/machine"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/internal/child"
	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// memory is what the worker may take before it collects garbage early, unless the user has set GOMEMLIMIT: large answers of a store are garbage
// soon, and would otherwise double its memory.
const memory = 160 << 20

// Serve is the worker: it reads a job from in, does it, and writes events to out. The end of in means that the parent is gone or wants
// no more: then it cleans up and ends. It returns the exit status of the process.
func Serve(in io.Reader, out io.Writer) int {
	s := &server{out: json.NewEncoder(out)}
	decoder := json.NewDecoder(in)
	var job Job
	if err := decoder.Decode(&job); err != nil {
		fmt.Fprintln(os.Stderr, "storecheck: this command is for storecheck itself:", err)
		return 2
	}
	if os.Getenv("GOMEMLIMIT") == "" && !job.Bench {
		debug.SetMemoryLimit(memory)
	}
	child.AdoptOrphans()
	install.Environ = func() []string { return job.Environ }
	// Without it a verdict that the parent, which was killed, does not read ends the process before it has cleaned up.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, cancel := context.WithCancelCause(context.Background())
	work := func() *Done { return s.do(ctx, job) }
	if job.Bench {
		orders := receiveOrders(decoder, cancel)
		work = func() *Done { return s.bench(ctx, job, orders) }
	} else {
		go func() {
			_, _ = io.Copy(io.Discard, io.MultiReader(decoder.Buffered(), in))
			cancel(errStopped)
		}()
	}
	var folders []*claimed.Folder
	for _, path := range job.folders() {
		folder, err := claimed.Join(path)
		if err != nil {
			s.send(Event{Done: &Done{Broken: err.Error()}})
			return 0
		}
		folders = append(folders, folder)
	}
	s.send(Event{Done: work()})
	if ctx.Err() != nil { // the parent may have been killed
		for _, folder := range folders {
			remove(folder.Remove)
		}
	}
	return 0
}

// remove removes a folder in which something that ends just now may still write.
func remove(folder func() error) {
	const patience, pause = time.Second, 5 * time.Millisecond
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(pause) {
		if folder() == nil {
			return
		}
	}
}

type server struct {
	mu      sync.Mutex
	out     *json.Encoder
	stopped bool     // no verdict counts any more
	notes   []string // of the run

	machine *machine.Watch
}

// excuse returns trouble of the machine that may be why a check failed.
func (s *server) excuse(v contract.Verdict) error {
	if v.Status != contract.Fail {
		return nil
	}
	return s.machine.Trouble()
}

func (s *server) send(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped && e.Verdict != nil {
		return
	}
	// A parent that is gone reads no more, and its end comes by another way.
	_ = s.out.Encode(e)
}

// watchMachine returns a context that ends when the machine is short of something: trouble of the machine ends the run like its user does.
func (s *server) watchMachine(ctx context.Context, job Job) (watched context.Context, stop func(), err error) {
	var folders []string
	for _, own := range job.folders() {
		folders = append(folders, filepath.Dir(own))
	}
	if own, is := strings.CutPrefix(job.Target, "file:"); is {
		folders = append(folders, own)
	}
	if err := machine.Ready(folders...); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	s.machine = machine.NewWatch(folders...)
	go s.machine.Until(ctx, cancel)
	return ctx, func() { cancel(nil) }, nil
}

// do opens the target, checks it and closes it.
func (s *server) do(ctx context.Context, job Job) *Done {
	t, err := target.Parse(job.Target, job.Options)
	if err != nil {
		return &Done{Broken: err.Error()}
	}
	ctx, stop, err := s.watchMachine(ctx, job)
	if err != nil {
		return &Done{Broken: err.Error()}
	}
	defer stop()
	over, cancel := withBudget(ctx, job.Budget)
	defer cancel()
	opened, err := t.Open(ctx, func(doing string) { s.send(Event{Doing: doing}) })
	switch {
	case err != nil && ctx.Err() != nil:
		return &Done{Broken: context.Cause(ctx).Error()}
	case err != nil:
		done := &Done{Broken: err.Error()}
		if _, other := errors.AsType[*target.OtherMiddlewareError](err); other {
			done.Kind = report.KindProfile
		}
		return done
	}
	s.send(Event{Opened: &Opened{opened.Name, opened.Version, opened.Runtime, opened.Capabilities, opened.Server, opened.Profile.Name, opened.Time}})

	run := newRun(job, opened)
	checked := make(chan error, 1)
	go func() { checked <- s.check(context.WithoutCancel(ctx), job, opened, run) }()
	var broken, unreached string
	stopped, tidied := false, true
	ended := func(err error) {
		if err != nil {
			broken = err.Error()
		}
		_, stopped = errors.AsType[*stoppedError](err)
	}
	select {
	case err := <-checked:
		ended(err)
	case <-over.Done():
		unreached = overBudget(job.Budget).Error()
		run.End(overBudget(job.Budget))
		tidied = tidy(checked, reserve(job.Budget)/4, ended)
	case <-ctx.Done():
		broken, stopped = context.Cause(ctx).Error(), true
		// What the checks still find is about a store that is being taken away.
		s.mu.Lock()
		s.stopped = true
		s.mu.Unlock()
		run.End(context.Cause(ctx))
		tidied = tidy(checked, tidying, func(error) {})
	}
	unread := s.unread(ctx, opened)
	err = opened.Close()
	if !tidied {
		// Most checks end now, with a store that is closed, and then they write no more.
		tidy(checked, 300*time.Millisecond, func(error) {})
	}
	orphans := endOrphans()
	s.mu.Lock()
	notes := slices.Concat(s.notes, opened.Notes(), orphans)
	s.mu.Unlock()
	switch {
	case unread == "" || unreached != "":
	case len(run.Requirements()) == len(opened.Profile.Requirements()) && broken == "":
		broken = unread
	default: // what was left out might have made somebody read it
		notes = append(notes, unread)
	}
	// The checks of a run that was stopped still write, and the parent removes that.
	if written := (*fs.PathError)(nil); err != nil && (!stopped || !errors.As(err, &written)) {
		notes = append(notes, "cleaning up: "+err.Error())
	}
	return &Done{Notes: notes, Unreached: unreached, Broken: broken}
}

// endOrphans ends processes that the store has left behind, and says which, unless there are none.
func endOrphans() []string {
	orphans := child.EndOrphans()
	if len(orphans) == 0 {
		return nil
	}
	const most = 5 // command lines in a note
	return []string{fmt.Sprintf("the store left processes behind that had made themselves independent, and that were killed (%d): %s",
		len(orphans), strings.Join(orphans[:min(len(orphans), most)], ", "))}
}

// unread says which options of the command line nobody has read, if the target can tell. What was checked then is not what was meant.
func (s *server) unread(ctx context.Context, opened *target.Opened) string {
	if opened.Unread == nil || ctx.Err() != nil {
		return ""
	}
	names := opened.Unread(ctx)
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("--option %s: nobody has read env.options.%s, so the store that was checked may not be the one that was meant",
		strings.Join(names, ", --option "), strings.Join(names, ", env.options."))
}

// checkTime is far above what any check takes whose calls are bounded: it is there so that a fault of the suite itself ends.
const checkTime = 15 * time.Minute

// newRun returns the run of a job.
func newRun(job Job, opened *target.Opened) *conformance.Suite {
	return conformance.New(opened.Subject, conformance.Options{
		Profile:     opened.Profile,
		Seed:        job.Seed,
		Select:      func(r *contract.Requirement) bool { return slices.Contains(job.IDs, r.ID) },
		CallTimeout: job.Options.CallTimeout,
		Depth:       job.Depth,
		Replay:      job.Replay,
		Artifacts:   job.Artifacts,
		// The report says it.
		Rerun: func(string, uint64) string { return "" },
	})
}

// check runs the suite and sends each verdict. Failures of a job that may be flaky are tried again.
func (s *server) check(ctx context.Context, job Job, opened *target.Opened, run *conformance.Suite) error {
	var err error
	if len(run.Requirements()) == 0 {
		err = errors.New("no check ran: the job names no requirement that there is")
	}
	var failed []contract.Verdict // to be checked again
	for _, r := range run.Requirements() {
		v := opened.Judge(s.verdict(ctx, run, r))
		if down := run.Down(); down != nil {
			// The processes of the store are taken away, because without its server a store need not close.
			return &stoppedError{down}
		}
		if err := s.excuse(v); err != nil {
			return &stoppedError{err}
		}
		if job.repeats(v) {
			failed = append(failed, v)
			continue
		}
		s.send(Event{Verdict: &v})
	}
	err = errors.Join(err, run.Close())
	s.mu.Lock()
	s.notes = run.Notes()
	s.mu.Unlock()
	for _, v := range failed {
		s.send(Event{Verdict: &v, Repeated: s.repeat(ctx, job, opened, v.ID)})
	}
	return err
}

// A stoppedError is why checks were left behind that still run.
type stoppedError struct{ error }

func (s *server) verdict(ctx context.Context, run *conformance.Suite, r *contract.Requirement) contract.Verdict {
	ctx, cancel := context.WithTimeoutCause(ctx, checkTime, fmt.Errorf("the check took longer than %v", checkTime))
	defer cancel()
	return run.Verdict(ctx, r)
}
