package bridge

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/storecheck/storecheck/spec"
)

// hangs is a store whose set returns for the id "ready" only.
type hangs struct {
	*mapStore
	ready chan struct{}
	once  sync.Once
}

func (h *hangs) Set(ctx context.Context, id string, s *spec.Session) error {
	if id != "ready" {
		h.once.Do(func() { close(h.ready) })
		<-ctx.Done()
	}
	<-h.ready
	return h.mapStore.Set(ctx, id, s)
}

// serveHangs serves a store that hangs, if this process is a child.
func serveHangs() {
	ServeChild(func(_ context.Context, p OpenParams) (spec.Store, error) {
		if p.Namespace == "refused" {
			return nil, errors.New("locked")
		}
		return &hangs{mapStore: &mapStore{sessions: make(map[string]*spec.Session)}, ready: make(chan struct{})}, nil
	})
}

// Nothing is left of a process that is killed, and its end is no breakage.
func TestKill(t *testing.T) {
	a, err := OpenChild(t.Context(), OpenParams{Namespace: "n", Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	pending := make(chan error)
	go func() { pending <- a.Set(t.Context(), "a", spec.NewSession(spec.NewCookie())) }()
	if err := a.Set(t.Context(), "ready", spec.NewSession(spec.NewCookie())); err != nil { // so the other one is there
		t.Fatal(err)
	}
	if err := a.Kill(); err != nil {
		t.Fatal(err)
	}
	var broken *Broken
	if err := <-pending; !errors.As(err, &broken) || broken.Kind != Closed {
		t.Errorf("the pending call: %v", err)
	}
	if state := a.Process.child.State(); state == nil || state.Success() {
		t.Errorf("the process: %v", state)
	}
	if err := errors.Join(a.Process.Err(), a.Kill(), a.Close()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if notes := a.Process.Notes(); len(notes) > 0 {
		t.Errorf("notes: %v", notes)
	}
}

func TestOpenChildRefused(t *testing.T) {
	if _, err := OpenChild(t.Context(), OpenParams{Namespace: "refused"}); err == nil || !strings.Contains(err.Error(), "locked") {
		t.Errorf("a store that does not open: %v", err)
	}
	t.Setenv(childVariable, "1")
	if _, err := OpenChild(t.Context(), OpenParams{}); err == nil || !strings.Contains(err.Error(), "must call bridge.ServeChild") {
		t.Errorf("a child that was not served: %v", err)
	}
}
