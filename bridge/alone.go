package bridge

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/storecheck/storecheck/bridge/serve"
	"github.com/storecheck/storecheck/spec"
)

// An Alone is a store that has its process for itself.
type Alone struct {
	*Store
	Process *Process
}

// Close closes the store and its process.
func (a *Alone) Close() error { return errors.Join(a.Store.Close(), a.Process.Close()) }

// Kill kills the process, see [Process.Kill].
func (a *Alone) Kill() error { return a.Process.Kill() }

// OpenAlone opens the only store of a process. Closing the store closes the process too. A process whose store cannot be opened is closed.
func OpenAlone(ctx context.Context, p *Process, params OpenParams) (*Alone, error) {
	s, err := p.Open(ctx, params)
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return &Alone{s, p}, nil
}

// Kill ends the process as a crash does: in the middle of its work. It kills the process with its group, and then its other descendants.
// When Kill returns, nothing is left of them, and the pending calls have failed like those of a closed process.
func (p *Process) Kill() error {
	p.closed()
	p.kill()
	return p.end()
}

// childVariable tells [ServeChild] that [OpenChild] has started the process.
const childVariable = "STORECHECK_SERVE"

const childHint = "main, or TestMain, must call bridge.ServeChild before anything else"

// OpenChild runs this program a second time and opens the store that [ServeChild] serves there, so that the process of the store can be
// killed:
//
//	func TestMain(m *testing.M) {
//		bridge.ServeChild(func(_ context.Context, p bridge.OpenParams) (spec.Store, error) { return mystore.Open(p.Dir) })
//		os.Exit(m.Run())
//	}
//
//	func TestStore(t *testing.T) {
//		dir := t.TempDir()
//		conformance.Run(t, conformance.Subject{
//			…
//			OpenProcess: func(ctx context.Context) (subject.Process, error) {
//				return bridge.OpenChild(ctx, bridge.OpenParams{Dir: dir})
//			},
//		})
//	}
func OpenChild(ctx context.Context, params OpenParams) (*Alone, error) {
	return openChild(ctx, params)
}

// OpenChildIn is OpenChild with a time zone, such as Pacific/Kiritimati, that the process lives in. Programs for Windows know no such zones.
func OpenChildIn(ctx context.Context, zone string, params OpenParams) (*Alone, error) {
	return openChild(ctx, params, "TZ="+zone)
}

func openChild(ctx context.Context, params OpenParams, env ...string) (*Alone, error) {
	if os.Getenv(childVariable) != "" { // this process is a child, and would start children without end
		return nil, errors.New("bridge: " + childHint)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("bridge: this program cannot be run again: %w", err)
	}
	p, err := Start(ctx, Command{Path: self, Env: append(append(os.Environ(), childVariable+"=1"), env...)}, Options{})
	if err != nil {
		return nil, fmt.Errorf("%w\n  hint: %s", err, childHint)
	}
	return OpenAlone(ctx, p, params)
}

// ServeChild serves the stores of open and ends the process, if [OpenChild] has started it; otherwise ServeChild does nothing. main, or
// TestMain, calls it before anything else. The standard output of the process becomes its standard error.
func ServeChild(open func(ctx context.Context, params OpenParams) (spec.Store, error)) {
	if os.Getenv(childVariable) == "" {
		return
	}
	_ = os.Unsetenv(childVariable) // processes that this one starts are no children of OpenChild
	serve.Main(serve.Options{
		Name: "child",
		Open: func(ctx context.Context, env *serve.Env) (spec.Store, error) { return open(ctx, env.Params()) },
	})
}
