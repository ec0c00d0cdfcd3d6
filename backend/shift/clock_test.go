package shift_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/backend/shift"
)

// newClock returns a clock, or skips the test where no time can be moved.
func newClock(t *testing.T) *shift.Clock {
	t.Helper()
	if err := shift.Look(); err != nil {
		t.Skip(err)
	}
	c, err := shift.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// A script is a program of testdata that answers lines.
type script struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Scanner
}

func run(t *testing.T, c *shift.Clock, name string, args ...string) *script {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is not on PATH")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), c.Environ()...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		cancel()
		_ = cmd.Wait()
	})
	return &script{t, in, bufio.NewScanner(out)}
}

type answer struct {
	Now, Past, File, Changed, Linked float64
	Ticks, Slept, Port               int
	Reused                           bool
	Error                            string
}

func (s *script) ask(line string) (a answer) {
	s.t.Helper()
	if _, err := fmt.Fprintln(s.in, line); err != nil {
		s.t.Fatal(err)
	}
	if !s.out.Scan() {
		s.t.Fatal("the script has ended")
	}
	if err := json.Unmarshal(s.out.Bytes(), &a); err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (a answer) time() time.Time { return time.UnixMilli(int64(a.Now)) }

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	const within = 500 // ms, for a busy machine
	if math.Abs(got-want) > within {
		t.Errorf("%s: %.1f, want %.1f", what, got, want)
	}
}

// A process sees each move in its dates, its timers and its files.
func TestNodeFollows(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	file := filepath.Join(t.TempDir(), "file")
	s := run(t, c, "node", "testdata/clock.js", file)
	leave := c.Follow(shift.Client, 0, shift.Off, func(context.Context) (time.Time, error) { return s.ask("").time(), nil })
	ms := func(at time.Time) float64 { return float64(at.UnixNano()) / 1e6 }
	near(t, "before any move", s.ask("").Now, ms(c.Now()))
	var written []float64
	past := time.Duration(0)
	for n, d := range []time.Duration{2 * time.Second, 2 * time.Hour, 400 * 24 * time.Hour, 100 * 365 * 24 * time.Hour} {
		near(t, "the date of a file", s.ask("write").File, ms(c.Now()))
		written = append(written, ms(c.Now()))
		c.Advance(d)
		past += d
		if err := c.Err(); err != nil {
			t.Fatal(err)
		}
		a := s.ask("")
		near(t, "now", a.Now, ms(c.Now()))
		if want := n; a.Ticks != want {
			t.Errorf("after %s an interval of an hour has fired %d times, want once a move: %d", past, a.Ticks, want)
		}
		if got, want := a.Past/1000, past.Seconds(); got < want || got > want+5 {
			t.Errorf("%.1f s have passed, want %.1f", got, want)
		}
		near(t, "the date of a file that was written before the move", a.File, written[n])
		near(t, "its change", a.Changed, written[n])
		near(t, "its date by lstat", a.Linked, written[n])
	}
	if got := s.ask("").Slept; got != 1 {
		t.Errorf("a timer of half an hour has fired %d times", got)
	}
	// A date that a program gives stays, whatever the clock does.
	if got := s.ask("date").File; got != 2000000000125 {
		t.Errorf("a given date is %.1f", got)
	}
	c.Advance(time.Hour)
	if got := s.ask("").File; got != 2000000000125 {
		t.Errorf("after a move a given date is %.1f", got)
	}
	leave()
}

// A static program, such as one in Go, goes by the clock of the machine, and is found out.
func TestGoDoesNotFollow(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	err := c.Agrees(t.Context(), 0, shift.Off, func(context.Context) (time.Time, error) { return time.Now(), nil })
	if err == nil || !strings.Contains(err.Error(), "1h0m0s") {
		t.Errorf("a process on the time of the machine: %v", err)
	}
}

// The clock never goes back, and goes on by itself.
func TestClockGoesAhead(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	last := c.Now()
	for _, d := range []time.Duration{-time.Hour, 0, time.Millisecond, 20 * time.Millisecond, time.Second, 200 * 365 * 24 * time.Hour} {
		c.Advance(d)
		now := c.Now()
		if now.Sub(last) < max(d, 0) {
			t.Errorf("after Advance(%s) the clock has moved by %s", d, now.Sub(last))
		}
		last = now
	}
}

// Everything that waits for a moment of the moved clock waits as long as on a clock that was not moved.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	compiler, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("cc is not on PATH")
	}
	program := filepath.Join(t.TempDir(), "deadlines")
	if out, err := exec.Command(compiler, "-o", program, "testdata/deadlines.c", "-lpthread").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c.Advance(30 * 24 * time.Hour)
	c.SetDate(-time.Hour)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), c.Environ()...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		name, took, _ := strings.Cut(strings.TrimSpace(line), " ")
		if d, err := time.ParseDuration(took + "ms"); err != nil || d < 190*time.Millisecond || d > 2*time.Second {
			t.Errorf("%s waited for %s ms, want 200", name, took)
		}
	}
	if n := strings.Count(string(out), "\n"); n != 8 {
		t.Errorf("%d ways to wait after %s:\n%s", n, time.Since(start), out)
	}
}

// A date that is set back or ahead is seen in dates, also in those of files, and by no timer.
func TestSetDate(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	s := run(t, c, "node", "testdata/clock.js", filepath.Join(t.TempDir(), "file"))
	c.Follow(shift.Client, 0, shift.Off, func(context.Context) (time.Time, error) { return s.ask("").time(), nil })
	written, past := s.ask("write").File, s.ask("").Past
	date := func(ahead time.Duration) float64 { return float64(time.Now().Add(time.Hour + ahead).UnixMilli()) } // see began
	for _, ahead := range []time.Duration{-time.Hour, 2 * 365 * 24 * time.Hour, 0} {
		c.SetDate(ahead)
		a := s.ask("")
		near(t, "the date", a.Now, date(ahead))
		near(t, "the date of a file that was written before", a.File, written)
		if a.Past-past > 60e3 || a.Slept > 0 || a.Ticks > 0 {
			t.Errorf("with the date set by %s a clock that only goes ahead shows %.0f ms, and timers have fired %d and %d times", ahead, a.Past, a.Slept, a.Ticks)
		}
		written = s.ask("write").File
		near(t, "the date of a file that is written then", written, date(ahead))
	}
	if err := c.Err(); err != nil {
		t.Error(err)
	}
}
