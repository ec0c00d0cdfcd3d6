package filestore_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// The writers of TestKill do the same steps with each id: step n is a set, every seventh a destroy and every fifth a touch.
const (
	killIDs   = 8
	destroyAt = 7
	touchAt   = 5
)

// stepped returns the session after step n, or nil. Its parts must match, in a file that is larger than a page.
func stepped(n int) *spec.Session {
	if n%destroyAt == 0 {
		return nil
	}
	if n%touchAt == 0 {
		if n--; n%destroyAt == 0 {
			return nil
		}
	}
	s := session(n)
	_ = s.Set("text", strings.Repeat(fmt.Sprintf("%08d", n), 700))
	return s
}

// doStep takes a step.
func doStep(ctx context.Context, s *filestore.Store, id string, n int) error {
	switch {
	case n%destroyAt == 0:
		return s.Destroy(ctx, id)
	case n%touchAt == 0:
		return s.Touch(ctx, id, session("a touch writes no data"))
	}
	return s.Set(ctx, id, stepped(n))
}

// left reports whether a session is the one after step n.
func left(got *spec.Session, n int) bool {
	want := stepped(n)
	if got == nil || want == nil {
		return got == nil && want == nil
	}
	want.Cookie = got.Cookie
	return spec.Equal(got, want)
}

// childWrite takes steps with all ids at once, from the numbers that the parent sends, and reports each step that has returned.
func childWrite(j job, in io.Reader, out io.Writer) error {
	var from []int
	if err := json.NewDecoder(in).Decode(&from); err != nil {
		return err
	}
	s, err := filestore.Open(j.Dir, j.options())
	if err != nil {
		return err
	}
	errs := make(chan error)
	for id, n := range from {
		go func() {
			for ; ; n++ {
				if err := doStep(context.Background(), s, fmt.Sprint("id", id), n); err != nil {
					errs <- err
				}
				if _, err := fmt.Fprintf(out, "%d %d\n", id, n); err != nil {
					errs <- err
				}
			}
		}()
	}
	return <-errs
}

// A process that is killed in the middle of writes leaves each session whole: as it was after the last step that returned, or after the next
// step. STORECHECK_THOROUGH=1 kills 200 times.
func TestKill(t *testing.T) {
	t.Parallel()
	rounds := 40
	switch {
	case thorough:
		rounds = 200
	case testing.Short():
		rounds = 16
	}
	jobs := []job{
		{Format: filestore.NPM},
		{Format: filestore.NPM, Sharded: true, Durability: filestore.ProcessCrash},
		{Format: filestore.Native, Durability: filestore.ProcessCrash},
		{Format: filestore.Native, Sharded: true, Durability: filestore.PowerLoss},
		{Format: filestore.NPM, Direct: true},
		{Format: filestore.Native, Direct: true, Durability: filestore.PowerLoss},
		{Format: filestore.NPM, Direct: true, Journal: true, Durability: filestore.PowerLoss},
		{Format: filestore.Native, Sharded: true, Journal: true, Durability: filestore.PowerLoss},
	}
	for n, j := range jobs {
		t.Run(fmt.Sprintf("%s sharded %t direct %t journal %t %s", j.Format, j.Sharded, j.Direct, j.Journal, j.Durability), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, uint64(n))) //nolint:gosec // not for secrets
			j.Child, j.Dir = "write", t.TempDir()
			done := make([]int, killIDs) // the last step of each id that is known to be done
			for round := range (rounds + len(jobs) - 1) / len(jobs) {
				acknowledged := kill(t, j, done, 1+random.IntN(50))
				reader := open(t, j.Dir, j.options())
				for id := range done {
					name := fmt.Sprint("id", id)
					got, err := reader.Get(t.Context(), name)
					if err != nil {
						t.Fatalf("round %d: get(%s): %v", round, name, err)
					}
					n := max(done[id], acknowledged[id])
					switch {
					case left(got, n): // also where the step after it is done and looks the same
						done[id] = n
					case left(got, n+1):
						done[id] = n + 1
					default:
						t.Fatalf("round %d: get(%s) = %.200v; step %d has returned", round, name, got, n)
					}
				}
				if _, err := reader.All(t.Context()); err != nil {
					t.Fatalf("round %d: all: %v", round, err)
				}
				must(t, reader.Close())
			}
		})
	}
}

// kill starts a child that goes on from the steps done, kills it after some more, and returns the last step of each id that returned.
func kill(t *testing.T, j job, done []int, after int) []int {
	t.Helper()
	c := j.command(t)
	in, err := c.StdinPipe()
	must(t, err)
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	from := make([]int, len(done))
	for id, n := range done {
		from[id] = n + 1
	}
	must(t, json.NewEncoder(in).Encode(from))
	acknowledged := make([]int, len(done))
	steps := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var id, n int
		if _, err := fmt.Sscanf(lines.Text(), "%d %d", &id, &n); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		acknowledged[id] = n
		if steps++; steps == after {
			must(t, c.Process.Kill())
		}
	}
	if err := c.Wait(); steps < after {
		t.Fatalf("the child ended by itself after %d steps: %v", steps, err)
	}
	return acknowledged
}

// childHammer sets and destroys its own id, checks that nobody undoes that, and touches all ids meanwhile.
func childHammer(j job, in io.Reader, _ io.Writer) error {
	const rounds, children = 60, 2
	s, err := filestore.Open(j.Dir, j.options())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var touching sync.WaitGroup
	for other := range children {
		touching.Go(func() {
			for ctx.Err() == nil {
				_ = s.Touch(ctx, fmt.Sprint("id", other), session("a touch writes no data"))
			}
		})
	}
	defer touching.Wait()
	defer cancel()
	if _, err := in.Read(make([]byte, 1)); err != nil && !errors.Is(err, io.EOF) { // until all are ready
		return err
	}
	id := fmt.Sprint("id", j.Number)
	for n := 1; n <= rounds; n++ {
		step := destroyAt*touchAt*n + 1 // a set
		if n%3 == 0 {
			step-- // a destroy
		}
		if err := doStep(ctx, s, id, step); err != nil {
			return err
		}
		for range 20 {
			got, err := s.Get(ctx, id)
			if err != nil {
				return err
			}
			if !left(got, step) {
				return fmt.Errorf("%s is %.100v after step %d", id, got, step)
			}
		}
	}
	return nil
}

// No process undoes a change of another: no touch brings back old data or a destroyed session.
func TestProcesses(t *testing.T) {
	t.Parallel()
	for _, j := range []job{
		{Format: filestore.NPM},
		{Format: filestore.Native},
		{Format: filestore.NPM, Direct: true},
		{Format: filestore.Native, Direct: true},
	} {
		t.Run(fmt.Sprintf("%s direct %t", j.Format, j.Direct), func(t *testing.T) {
			t.Parallel()
			j.Child, j.Dir, j.Durability = "hammer", t.TempDir(), filestore.ProcessCrash
			var children sync.WaitGroup
			var gates []io.Closer
			for n := range 2 {
				j.Number = n
				c := j.command(t)
				in, err := c.StdinPipe()
				must(t, err)
				gates = append(gates, in)
				must(t, c.Start())
				children.Go(func() {
					if err := c.Wait(); err != nil {
						t.Errorf("child %d: %v", n, err)
					}
				})
			}
			for _, g := range gates {
				_ = g.Close()
			}
			children.Wait()
		})
	}
}

// A call that waits for the lock of another process ends with its context.
func TestLockWaits(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, filestore.Options{})
	want := session(1)
	must(t, s.Set(t.Context(), "id", want))
	release := lockAll(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	for range 2 { // the second finds the first one's place taken
		if err := s.Destroy(ctx, "id"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("destroy: %v", err)
		}
	}
	if err := s.Set(ctx, "id", session(2)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("set: %v", err)
	}
	if err := s.Touch(ctx, "id", session(2)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("touch: %v", err)
	}
	if files, err := filepath.Glob(filepath.Join(dir, ".tmp-*")); len(files) > 0 || err != nil {
		t.Errorf("left behind: %q, %v", files, err)
	}
	expect(t, s, "id", want) // readers do not wait
	destroyed := make(chan error)
	go func() { destroyed <- s.Destroy(t.Context(), "id") }()
	release()
	must(t, <-destroyed)
	expect(t, s, "id", nil)
}

// childSync makes one call after the other, each announced on its output.
func childSync(j job, _ io.Reader, out io.Writer) error {
	ctx := context.Background()
	var s *filestore.Store
	end := time.Now().Add(time.Hour)
	for _, c := range []struct {
		name string
		call func() error
	}{
		{"open", func() (err error) { s, err = filestore.Open(filepath.Join(j.Dir, "a", "b"), j.options()); return err }},
		{"set", func() error { return s.Set(ctx, "id", sessionUntil(end, 1)) }},
		{"replace", func() error { return s.Set(ctx, "id", sessionUntil(end, 2)) }},
		{"touch", func() error { return s.Touch(ctx, "id", sessionUntil(end.Add(time.Minute), 2)) }},
		{"the same", func() error { return s.Touch(ctx, "id", sessionUntil(end.Add(time.Minute), 2)) }},
		{"destroy", func() error { return s.Destroy(ctx, "id") }},
		{"gone", func() error { return s.Destroy(ctx, "id") }},
		{"open again", func() error {
			err := s.Close()
			if err == nil {
				s, err = filestore.Open(filepath.Join(j.Dir, "a", "b"), j.options())
			}
			return err
		}},
	} {
		if _, err := fmt.Fprintln(out, c.name); err != nil {
			return err
		}
		if err := c.call(); err != nil {
			return err
		}
	}
	return s.Close()
}
