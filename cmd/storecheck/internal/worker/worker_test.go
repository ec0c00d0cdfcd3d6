package worker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/worker"
	"github.com/storecheck/storecheck/spec/contract"
)

// behaviour says what the worker process of a test does.
const behaviour = "STORECHECK_TEST_WORKER"

// TestMain makes a worker of the test program when it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || os.Args[1] != worker.Command {
		os.Exit(m.Run())
	}
	switch os.Getenv(behaviour) {
	case "dies":
		fmt.Println(`{"doing":"starting"}`)
		fmt.Fprintln(os.Stderr, strings.Repeat("a long story\n", 1000)+"out of memory")
		os.Exit(7)
	case "talks nonsense":
		fmt.Println("hello")
	case "ends early":
	case "waits":
		fmt.Println(`{"doing":"waiting"}`)
		_, _ = io.Copy(io.Discard, os.Stdin)
		fmt.Println(`{"done":{"broken":"the run was stopped"}}`)
	default:
		os.Exit(worker.Serve(os.Stdin, os.Stdout))
	}
	os.Exit(0)
}

func TestRunDiagnoses(t *testing.T) {
	for _, c := range []struct{ worker, want, not string }{
		{"dies", "the worker process died: exit status 7\n", strings.Repeat("a long story\n", 700)},
		{"dies", "a long story\nout of memory", ""},
		{"talks nonsense", "what it said last cannot be read: invalid character 'h'", ""},
		{"ends early", "the worker process died", "exit status"},
	} {
		t.Run(c.worker, func(t *testing.T) {
			t.Setenv(behaviour, c.worker)
			err := worker.Run(t.Context(), worker.Job{Target: "memory"}, func(worker.Event) {})
			if err == nil || !strings.Contains(err.Error(), c.want) || c.not != "" && strings.Contains(err.Error(), c.not) {
				t.Errorf("got %v, want an error with %q and without %q", err, c.want, c.not)
			}
		})
	}
}

func TestRunStops(t *testing.T) {
	t.Setenv(behaviour, "waits")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var done *worker.Done
	err := worker.Run(ctx, worker.Job{Target: "memory"}, func(e worker.Event) {
		if e.Doing != "" {
			cancel()
		}
		done = e.Done
	})
	if err != nil || done == nil || done.Broken != "the run was stopped" {
		t.Errorf("got %+v and error %v, want the worker's own word that it was stopped", done, err)
	}
}

// TestServeCleansUp: whose parent was killed removes what it has made all the same.
func TestServeCleansUp(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	temp := filepath.Join(t.TempDir(), "temp")
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, worker.Command)
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
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
	job := worker.Job{Target: "file", IDs: []string{contract.GetMissing.ID, contract.SetReplaces.ID}, Seed: 1, Temp: temp}
	if err := json.NewEncoder(in).Encode(job); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	_, _ = out.Close(), in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(temp); !os.IsNotExist(err) {
		t.Errorf("the temporary folder is left: %v", err)
	}
}

func TestRunServes(t *testing.T) {
	for _, c := range []struct {
		target, broken string
		passes         int
	}{
		{"memory", "", 2},
		{"gopher:store", `unknown target "gopher:store"`, 0},
	} {
		t.Run(c.target, func(t *testing.T) {
			ids := []string{contract.GetMissing.ID, contract.SetReplaces.ID}
			passes := 0
			var done *worker.Done
			err := worker.Run(t.Context(), worker.Job{Target: c.target, IDs: ids, Seed: 1}, func(e worker.Event) {
				if e.Verdict != nil && e.Verdict.Status == contract.Pass {
					passes++
				}
				done = e.Done
			})
			if err != nil || done == nil || !strings.HasPrefix(done.Broken, c.broken) || c.broken == "" && done.Broken != "" {
				t.Errorf("got %+v and error %v, want broken %q", done, err, c.broken)
			}
			if passes != c.passes {
				t.Errorf("%d of the verdicts passed, want %d", passes, c.passes)
			}
		})
	}
}
