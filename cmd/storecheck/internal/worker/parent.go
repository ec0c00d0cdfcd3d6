package worker

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// closing is how long a worker may take to clean up when it is stopped.
const closing = 15 * time.Second

// Run does a job in a worker process and hands its events to see, one after the other. It returns an error when the worker ended without
// a Done event, which says why. When ctx ends the worker is told to stop, and killed when it does not. Nothing of what it keeps in temporary
// folders is left when Run returns.
func Run(ctx context.Context, job Job, see func(Event)) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	// The worker ends with checks that still write, so that what it leaves is removed when it is gone.
	if job.Temp, err = os.MkdirTemp("", "storecheck-"); err != nil {
		return fmt.Errorf("no temporary folder: %w", err)
	}
	defer os.RemoveAll(job.Temp) //nolint:errcheck // the worker tells what it could not remove
	cmd := exec.Command(self, Command)
	cmd.Args[0] = "storecheck"
	cmd.Env = append(os.Environ(), "TMPDIR="+job.Temp, "TMP="+job.Temp, "TEMP="+job.Temp)
	separate(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var stderr tail
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("a worker process could not be started: %w", err)
	}
	stop := context.AfterFunc(ctx, func() {
		_ = in.Close()
		time.AfterFunc(closing, func() { _ = cmd.Process.Kill() })
	})
	defer stop()
	text, err := json.Marshal(job)
	if err == nil {
		_, err = in.Write(append(text, '\n'))
	}
	if err != nil {
		_ = cmd.Process.Kill()
	}
	done, readErr := read(out, see)
	_ = in.Close()
	err = errors.Join(err, cmd.Wait())
	if done {
		return nil
	}
	return died(err, readErr, stderr.String())
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
	return errors.New(b.String())
}

// tail keeps the end of what is written to it.
type tail struct{ b bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	const limit = 8 << 10
	t.b.Write(p)
	if over := t.b.Len() - limit; over > 0 {
		t.b.Next(over)
	}
	return len(p), nil
}

func (t *tail) String() string { return strings.TrimSpace(t.b.String()) }
