package audit

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge"
)

func command(t *testing.T, fault string) bridge.Command {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The race detector would have the program linger for a second.
	return bridge.Command{Path: self, Env: []string{faultVariable + "=" + fault, "GORACE=atexit_sleep_ms=0"}}
}

func run(t *testing.T, fault string, wait time.Duration) []Finding {
	t.Helper()
	found, err := Run(t.Context(), command(t, fault), Options{
		Suite: "test", Wait: wait, Place: bridge.OpenParams{Namespace: "n", Dir: t.TempDir()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestGoodProgram: nothing is held against a program that is right, and all that applies to it is asked.
func TestGoodProgram(t *testing.T) {
	found := run(t, "", 0)
	if len(found) != len(rules) {
		t.Errorf("%d findings on %d rules", len(found), len(rules))
	}
	for _, f := range found {
		apart := slices.Contains([]string{"shared", "durable", "errors"}, f.Rule)
		if want := map[bool]Status{true: NotAsked, false: Kept}[apart]; f.Status != want {
			t.Errorf("%s is %s: %s", f.Rule, f.Status, f.Saw)
		}
		if f.Title == "" || f.Mend != "" {
			t.Errorf("%+v", f)
		}
	}
}

// TestFaults: each fault is found by its rule, which says what it saw and what to mend. The other rules that a fault violates stand behind it or
// follow from it.
func TestFaults(t *testing.T) {
	covered := map[string]bool{"place": true} // the Node host's tests have it
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		fault := faults[name]
		if name == "" {
			continue
		}
		covered[fault.rule] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wait := 20 * time.Second
			if strings.Contains(fault.saw, "no answer") || strings.Contains(fault.saw, "to itself") {
				wait = time.Second
			}
			found := run(t, name, wait)
			i := slices.IndexFunc(found, func(f Finding) bool { return f.Rule == fault.rule })
			if i < 0 {
				t.Fatalf("%s is not among the findings", fault.rule)
			}
			f := found[i]
			want := fault.status
			if want == "" {
				want = Violated
			}
			if f.Status != want || !strings.Contains(f.Saw, fault.saw) {
				t.Errorf("%s is %s: %s", f.Rule, f.Status, f.Saw)
			}
			if f.Mend == "" {
				t.Error("nothing says what to mend")
			}
			for _, earlier := range found[:i] {
				if earlier.Status == Violated {
					t.Errorf("%s is violated too: %s", earlier.Rule, earlier.Saw)
				}
			}
			if i == 0 && f.Status == Violated && len(found) > 1 {
				t.Errorf("%d more findings on a program that does not answer", len(found)-1)
			}
		})
	}
	for _, r := range rules {
		if !covered[r.name] {
			t.Errorf("no fault violates the rule %s", r.name)
		}
	}
}

func TestNotStarted(t *testing.T) {
	found, err := Run(t.Context(), bridge.Command{Path: t.TempDir() + "/none"}, Options{})
	if err == nil || found != nil {
		t.Errorf("%v, %v", found, err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := Run(ctx, command(t, "says nothing"), Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
