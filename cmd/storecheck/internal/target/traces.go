package target

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/claimed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/runname"
)

const (
	// lookTime is how long a run may look for what earlier ones have left. A server with more keys is for storecheck clean.
	lookTime = 5 * time.Second
	// removeTime is how long a run may look for what it leaves itself. The store has removed most of it already.
	removeTime = time.Second
)

// traces are what a run leaves on a server of the user's. A nil one leaves nothing.
type traces struct {
	server *backend.Server
	name   runname.Name
	hold   *backend.Hold // nil where the server grants none
	notes  []string
}

// leaveTraces, where such traces can be found again, shows others that a run of that name goes on, and removes what runs have left that do not go on.
func leaveTraces(ctx context.Context, s *backend.Server, name runname.Name) *traces {
	if !s.CanSweep() {
		return nil
	}
	t := &traces{server: s, name: name}
	// Whatever goes wrong here, the store can be checked.
	t.hold, _ = s.Hold(ctx, string(name))
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	if done, _ := s.Sweep(ctx, runname.Pattern, findRun); done.Removed > 0 {
		t.notes = append(t.notes, fmt.Sprintf("a run that was killed had left %s on %s: removed", s.Counted(done.Removed), s))
	}
	return t
}

func findRun(key string) (string, bool) {
	name, ok := runname.Find(key)
	return string(name), ok
}

// told returns what the user is to know.
func (t *traces) told() []string {
	if t == nil {
		return nil
	}
	return t.notes
}

// remove removes what the run has left, when its stores are closed.
func (t *traces) remove() error {
	if t == nil {
		return nil
	}
	if t.hold != nil {
		defer t.hold.Release()
	}
	ctx, cancel := context.WithTimeout(context.Background(), removeTime)
	defer cancel()
	// A run that was killed just before this one began may have seemed to go on.
	_, err := t.server.Sweep(ctx, runname.Pattern, findRun, string(t.name))
	if err != nil && !errors.Is(err, backend.ErrCannotTell) {
		return mayBeLeft(t.server, err)
	}
	return forget(ctx, t.server, t.name)
}

// forget looks for the keys of a run until none is found, and at least twice: what its stores have sent when they were ended, the server may carry out
// while it is looked at.
func forget(ctx context.Context, s *backend.Server, name runname.Name) error {
	const pause = 20 * time.Millisecond
	for looked := 0; ; looked++ {
		removed, err := s.Forget(ctx, runname.Pattern, findRun, string(name))
		if err != nil || removed == 0 && looked > 0 {
			return mayBeLeft(s, err)
		}
		time.Sleep(pause)
	}
}

func mayBeLeft(s *backend.Server, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("sessions of the run may be left there: %w: storecheck clean --backend %s=URL removes them", err, s.Name)
}

// Forget removes what the run of a target has left on servers and in folders of the user's, when its process has not done so.
func Forget(ctx context.Context, text string, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, removeTime)
	defer cancel()
	if dir, ok := strings.CutPrefix(text, "file:"); ok {
		_, err := claimed.Sweep(dir)
		return err
	}
	for _, b := range o.Backends {
		s, err := backend.Parse(b)
		if err != nil {
			return err
		}
		if !s.CanSweep() {
			continue
		}
		if err := forget(ctx, s, o.Run); err != nil {
			return err
		}
	}
	return nil
}

// Clean removes what runs have left on a server that do not go on.
func Clean(ctx context.Context, s *backend.Server) (backend.Swept, error) {
	return s.Sweep(ctx, runname.Pattern, findRun)
}
