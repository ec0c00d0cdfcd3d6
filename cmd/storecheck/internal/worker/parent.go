package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/claimed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/runname"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/internal/child"
)

// closing is how long a worker may take to clean up when it is stopped. Whoever has stopped the run waits for it.
const closing = 1700 * time.Millisecond

// Run does a job in a worker process and hands its events to see, one after the other. It returns an error when the worker ended without
// a Done event, which says why. When ctx ends the worker is told to stop, and killed when it does not. Nothing of what it keeps in temporary
// folders is left when Run returns, nor of what it has stored on servers and in folders of the user's.
func Run(ctx context.Context, job Job, see func(Event)) error {
	return run(ctx, job, func(io.Writer) {}, see)
}

// run is Run. It calls talk, which returns at once, with the standard input of a worker that has its job.
func run(ctx context.Context, job Job, talk func(in io.Writer), see func(Event)) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	// The worker ends with checks that still write, so that what it leaves is removed when it is gone.
	temp, err := claimed.MakeTemporary()
	if err != nil {
		return fmt.Errorf("no temporary folder: %w", err)
	}
	defer remove(temp.Remove)
	job.Temp, job.Options.Run = temp.Path(), runname.New()
	if memory := claimed.MakeInMemory(); memory != nil && !job.Bench { // what is measured lies where it does in life
		defer remove(memory.Remove)
		job.Options.Memory = memory.Path()
	}
	cmd := exec.Command(self, Command)
	cmd.Args[0] = "storecheck"
	cmd.Env = environment(os.Environ(), job.Temp)
	job.Environ = os.Environ()
	stderr := child.NewTail(8<<10, nil)
	cmd.Stderr = stderr
	// In a group of its own the worker does not get a terminal's Ctrl-C: the parent gets it and tells the worker to stop.
	worker, err := child.Start(cmd, child.Options{Talk: true, Leave: time.Second})
	if err != nil {
		return fmt.Errorf("a worker process could not be started: %w", err)
	}
	defer worker.Out.Close() //nolint:errcheck // it is only read
	stop := context.AfterFunc(ctx, func() {
		_ = worker.In.Close()
		time.AfterFunc(closing, worker.Kill)
	})
	defer stop()
	text, err := json.Marshal(job)
	if err == nil {
		_, err = worker.In.Write(append(text, '\n'))
	}
	if err != nil {
		worker.Kill()
	} else {
		talk(worker.In)
	}
	done, readErr := read(worker.Out, see)
	_ = worker.In.Close()
	err = errors.Join(err, worker.Wait())
	if done {
		return nil
	}
	// What the worker has started has ended with it, or is an orphan now.
	child.EndOrphans()
	left := target.Forget(context.WithoutCancel(ctx), job.Target, job.Options)
	return errors.Join(died(err, readErr, stderr.String()), left)
}

// Command is the hidden command that is a worker.
const Command = "worker"

// read hands the events to see until their end, and reports whether the last one was Done.
func read(out io.Reader, see func(Event)) (done bool, err error) {
	decoder := json.NewDecoder(bufio.NewReaderSize(out, 1<<16))
	for {
		var e Event
		if err := decoder.Decode(&e); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			// Whatever else comes must be read, or the worker waits for it.
			_, _ = io.Copy(io.Discard, out)
			return done, err
		}
		see(e)
		done = done || e.Done != nil
	}
}

func died(exit, read error, stderr string) error {
	var b strings.Builder
	b.WriteString("the worker process died")
	if exit != nil {
		fmt.Fprintf(&b, ": %v", exit)
	}
	if read != nil {
		fmt.Fprintf(&b, "; what it said last cannot be read: %v", read)
	}
	if stderr != "" {
		b.WriteString("\n" + stderr)
	}
	if killed := exit != nil && strings.Contains(exit.Error(), "signal: killed"); killed || strings.Contains(stderr, "out of memory") {
		b.WriteString("\n  hint: the machine may have too little memory: make room, or check fewer targets at a time with --parallel 1")
	}
	return errors.New(b.String())
}
