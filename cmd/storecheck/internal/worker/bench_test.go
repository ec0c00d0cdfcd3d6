package worker_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/worker"
)

func TestBench(t *testing.T) {
	l := bench.NewLoad(1, 300, 5)
	for _, target := range []string{"memory", "file"} {
		t.Run(target, func(t *testing.T) {
			orders := make(chan bench.Order)
			go func() {
				defer close(orders)
				for _, o := range []bench.Operation{bench.Fill, bench.Mix, "sort", bench.Destroy} {
					orders <- bench.Order{Operation: o, Callers: 2, IDs: l.IDs, Session: l.Session, DurationMs: 60_000, TimeoutMs: 60_000, Calls: 10}
				}
			}()
			var opened *worker.Opened
			var measured []worker.Measured
			var done *worker.Done
			err := worker.Bench(t.Context(), worker.Job{Target: target, Seed: 1}, orders, func(e worker.Event) {
				switch {
				case e.Opened != nil && e.Measuring != nil:
					opened = e.Opened
				case e.Measured != nil:
					measured = append(measured, *e.Measured)
				case e.Done != nil:
					done = e.Done
				}
			})
			if err != nil || opened == nil || !opened.Capabilities.Touch || done == nil || done.Broken != "" || len(done.Notes) > 0 {
				t.Fatalf("opened %+v, done %+v, %v", opened, done, err)
			}
			if len(measured) != 4 {
				t.Fatalf("%+v", measured)
			}
			for i, calls := range []int64{5, 10, 0, 5} {
				m := measured[i]
				if m.Reading.Calls != calls || m.Reading.Errors != 0 || (m.Trouble != "") != (calls == 0) {
					t.Errorf("order %d: %+v", i, m)
				}
			}
		})
	}
}

// TestBenchStops: a worker whose parent goes away in the middle of an order ends it, says so, and removes what it has made.
func TestBenchStops(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	temp := filepath.Join(t.TempDir(), "temp")
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	l := bench.NewLoad(1, 300, 5)
	order := bench.Order{Operation: bench.Fill, Callers: 2, IDs: l.IDs, Session: l.Session, DurationMs: 3_600_000, TimeoutMs: 1}
	var input, output bytes.Buffer
	e := json.NewEncoder(&input)
	err = errors.Join(e.Encode(worker.Job{Target: "file", Bench: true, Temp: temp}), e.Encode(order))
	order.Operation = bench.Mix
	if err := errors.Join(err, e.Encode(order)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, worker.Command)
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	cmd.Stdin, cmd.Stdout = &input, &output // the input ends behind the orders
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(output.String(), `"broken":"the run was stopped"`) {
		t.Errorf("it does not say that it was stopped:\n%s", &output)
	}
	if _, err := os.Stat(temp); !os.IsNotExist(err) {
		t.Errorf("the temporary folder is left: %v", err)
	}
}
