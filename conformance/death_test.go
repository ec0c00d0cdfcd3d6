package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// A mortal store is one whose process ends at some calls.
type mortal struct {
	*memorystore.Store
	dead atomic.Bool
	ends func(id string) bool
}

func (m *mortal) call(id string) error {
	switch {
	case m.dead.Load():
		return fmt.Errorf("exited: %w", probe.ErrGone)
	case m.ends(id):
		m.dead.Store(true)
		return fmt.Errorf("exited: %w", probe.ErrDied)
	}
	return nil
}

func (m *mortal) Get(ctx context.Context, id string) (*spec.Session, error) {
	if err := m.call(id); err != nil {
		return nil, err
	}
	return m.Store.Get(ctx, id)
}

func (m *mortal) Set(ctx context.Context, id string, s *spec.Session) error {
	return errors.Join(m.call(id), m.Store.Set(ctx, id, s))
}

func (m *mortal) Close() error { return errors.Join(m.call(""), m.Store.Close()) }

// A store whose process ends is opened again: only the checks that end it again when they run alone are left without a verdict.
func TestDeath(t *testing.T) {
	var once atomic.Bool
	for _, c := range []struct {
		name    string
		ends    func(id string) bool
		broken  []string // all of these, and no others
		opens   int64    // at most
		wantErr string
	}{
		{"never", func(string) bool { return false }, nil, 4, ""},
		{"at one id", func(id string) bool { return id == "constructor" }, []string{contract.IDsPrototypeNames.ID}, 7, ""},
		{"once", func(string) bool { return once.CompareAndSwap(false, true) }, nil, 5, "not again when each of the checks that met it was repeated"},
		{"at every call", func(id string) bool { return id != "" }, nil, 16, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var opens atomic.Int64
			clock := &clock{now: time.Now()}
			verdicts, err := conformance.Record(t.Context(), conformance.Subject{
				Name: c.name, Disposable: true, Clock: clock,
				Open: func(context.Context) (spec.Store, error) {
					opens.Add(1)
					return &mortal{Store: memorystore.New(memorystore.Options{Now: clock.Now}), ends: c.ends}, nil
				},
			}, conformance.Options{Seed: 1, Select: func(r *contract.Requirement) bool {
				return r.Chapter() == "get" || r.Chapter() == "set" || r.Chapter() == "ids" || r.Chapter() == "expiry"
			}})
			if c.wantErr == "" && err != nil || c.wantErr != "" && (err == nil || !strings.Contains(err.Error(), c.wantErr)) {
				t.Errorf("got error %v, want %q", err, c.wantErr)
			}
			if n := opens.Load(); n > c.opens {
				t.Errorf("opened %d times, want at most %d", n, c.opens)
			}
			broken := map[string]bool{}
			for _, v := range verdicts {
				switch v.Status {
				case contract.Pass, contract.Skip:
				case contract.Broken:
					broken[v.ID] = true
				default:
					t.Errorf("%s %s: %s%s", v.ID, v.Status, v.Reason, v.Message)
				}
			}
			if c.name == "at every call" {
				if len(broken) < len(verdicts)/2 {
					t.Errorf("only %d of %d are broken", len(broken), len(verdicts))
				}
				return
			}
			if len(broken) != len(c.broken) {
				t.Errorf("broken are %v, want %v", broken, c.broken)
			}
			for _, id := range c.broken {
				if !broken[id] {
					t.Errorf("%s is not broken", id)
				}
			}
		})
	}
}

// A clock stands still until it is moved.
type clock struct {
	moved atomic.Int64
	now   time.Time
}

func (c *clock) Now() time.Time          { return c.now.Add(time.Duration(c.moved.Load())) }
func (c *clock) Advance(d time.Duration) { c.moved.Add(int64(d)) }
