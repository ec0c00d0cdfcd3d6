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

	"github.com/storecheck/storecheck/cmd/storecheck/internal/machine"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec/contract"
)

// memory is what the worker may take before it collects garbage early, unless the user has set GOMEMLIMIT: large answers of a store are garbage
// soon, and would otherwise double its memory.
const memory = 160 << 20

// Serve is the worker: it reads a job from in, does it, and writes events to out. The end of in means that the parent is gone or wants
// no more: then it cleans up and ends. It returns the exit status of the process.
func Serve(in io.Reader, out io.Writer) int {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
	s := &server{out: json.NewEncoder(out)}
	decoder := json.NewDecoder(in)
	var job Job
	if err := decoder.Decode(&job); err != nil {
		fmt.Fprintln(os.Stderr, "storecheck: this command is for storecheck itself:", err)
		return 2
	}
	// Without it a verdict that the parent, which was killed, does not read ends the process before it has cleaned up.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, io.MultiReader(decoder.Buffered(), in))
		cancel(errors.New("the run was stopped"))
	}()
	done := s.do(ctx, job)
	s.send(Event{Done: done})
	if ctx.Err() != nil {
		remove(job.Temp)
	}
	return 0
}

// remove removes a folder in which checks of a stopped run may still write. The parent does it again, unless it was killed.
func remove(dir string) {
	const patience, pause = time.Second, 5 * time.Millisecond
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(pause) {
		if os.RemoveAll(dir) == nil {
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

// do opens the target, checks it and closes it.
func (s *server) do(ctx context.Context, job Job) *Done {
	t, err := target.Parse(job.Target, job.Options)
	if err != nil {
		return &Done{Broken: err.Error()}
	}
	folders := []string{filepath.Dir(job.Temp)}
	if own, is := strings.CutPrefix(job.Target, "file:"); is {
		folders = append(folders, own)
	}
	if err := machine.Ready(folders...); err != nil {
		return &Done{Broken: err.Error()}
	}
	// Trouble of the machine ends the run like its user does.
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	s.machine = machine.NewWatch(folders...)
	go s.machine.Until(ctx, stop)
	opened, err := t.Open(ctx, func(doing string) { s.send(Event{Doing: doing}) })
	switch {
	case err != nil && ctx.Err() != nil:
		return &Done{Broken: context.Cause(ctx).Error()}
	case err != nil:
		return &Done{Broken: err.Error()}
	}
	s.send(Event{Opened: &Opened{opened.Name, opened.Version, opened.Runtime, opened.Capabilities}})

	checked := make(chan error, 1)
	go func() { checked <- s.check(context.WithoutCancel(ctx), job, opened.Subject) }()
	var broken string
	var stopped bool
	select {
	case err := <-checked:
		if err != nil {
			broken = err.Error()
		}
		_, stopped = errors.AsType[*stoppedError](err)
	case <-ctx.Done():
		broken, stopped = context.Cause(ctx).Error(), true
		// What the checks still find is about a store that is being taken away.
		s.mu.Lock()
		s.stopped = true
		s.mu.Unlock()
	}
	unread := s.unread(ctx, opened)
	err = opened.Close()
	if ctx.Err() != nil {
		// Most checks end now, with a store that is closed, and then they write no more.
		select {
		case <-checked: //nolint:errcheck // what they say of a store that is closed does not count
		case <-time.After(500 * time.Millisecond):
		}
	}
	s.mu.Lock()
	notes := slices.Concat(s.notes, opened.Notes())
	s.mu.Unlock()
	switch {
	case unread == "":
	case len(job.IDs) == len(contract.All()) && broken == "":
		broken = unread
	default: // what was left out might have made somebody read it
		notes = append(notes, unread)
	}
	// The checks of a run that was stopped still write, and the parent removes that.
	if written := (*fs.PathError)(nil); err != nil && (!stopped || !errors.As(err, &written)) {
		notes = append(notes, "cleaning up: "+err.Error())
	}
	return &Done{Notes: notes, Broken: broken}
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

// check runs the suite and sends each verdict.
func (s *server) check(ctx context.Context, job Job, subject conformance.Subject) error {
	run := conformance.New(subject, conformance.Options{
		Seed:        job.Seed,
		Select:      func(r *contract.Requirement) bool { return slices.Contains(job.IDs, r.ID) },
		CallTimeout: job.Options.CallTimeout,
		Depth:       job.Depth,
		Replay:      job.Replay,
		Artifacts:   job.Artifacts,
		// The report says it.
		Rerun: func(string, uint64) string { return "" },
	})
	var err error
	if len(run.Requirements()) == 0 {
		err = errors.New("no check ran: the job names no requirement that there is")
	}
	var failed []contract.Verdict // to be checked again
	for _, r := range run.Requirements() {
		v := s.verdict(ctx, run, r)
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
		s.send(Event{Verdict: &v, Repeated: s.repeat(ctx, job, subject, v.ID)})
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
