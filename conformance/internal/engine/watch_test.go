package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A remote store asks a server for each call.
type remote struct {
	spec.Store
	ask func(context.Context) error
}

func (r remote) Get(ctx context.Context, id string) (*spec.Session, error) {
	if err := r.ask(ctx); err != nil {
		return nil, err
	}
	return r.Store.Get(ctx, id)
}

func (r remote) Set(ctx context.Context, id string, s *spec.Session) error {
	if err := r.ask(ctx); err != nil {
		return err
	}
	return r.Store.Set(ctx, id, s)
}

func (r remote) Destroy(ctx context.Context, id string) error {
	if err := r.ask(ctx); err != nil {
		return err
	}
	return r.Store.Destroy(ctx, id)
}

// setAndGet is a check of the most common calls.
func setAndGet(t *engine.C) {
	id := t.ID()
	t.Set(id, t.Session())
	if t.Get(id) == nil {
		t.Fail("wanted    the session\ngot       none")
	}
}

// newRemote returns a suite of a store whose server answers with what ask returns, and whose backend with what alive returns.
func newRemote(ask, alive func(context.Context) error, bodies ...func(*engine.C)) *engine.Suite {
	requirements := []*contract.Requirement{contract.GetMissing, contract.SetReplaces, contract.GetAfterSet}
	var checks []engine.Check
	for i, body := range bodies {
		checks = append(checks, engine.Check{Requirement: requirements[i], Body: body, When: engine.Exclusive})
	}
	return engine.New(subject.Subject{
		Name: "remote", Disposable: true, Alive: alive,
		Open: func(context.Context) (spec.Store, error) {
			return remote{memorystore.New(memorystore.Options{}), ask}, nil
		},
	}, engine.Settings{CallTimeout: 15 * time.Second}, checks)
}

func hang(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

// A store that never works is at fault, unless its server is seen to be down.
func TestDownFromTheStart(t *testing.T) {
	fine := func(context.Context) error { return nil }
	fails := func(err error) func(context.Context) error { return func(context.Context) error { return err } }
	refused := fmt.Errorf("dial tcp 127.0.0.1:6379: connect: %w", syscall.ECONNREFUSED)
	for _, c := range []struct {
		name       string
		ask, alive func(context.Context) error
		down       string
	}{
		{"the backend is asked", fails(errors.New("oh")), fails(refused), "the backend of the store is down: dial tcp 127.0.0.1:6379"},
		{"the backend does not answer", hang, hang, "the backend of the store is down"},
		{"the backend answers", fails(refused), fine, ""},
		{"nobody knows the backend", fails(refused), nil, "the store reaches no server (get: dial tcp 127.0.0.1:6379"},
		{"words of Node", fails(errors.New("get called back with Error: connect ECONNREFUSED ::1:5432")), nil, "the store reaches no server"},
		{"words of a pool", fails(errors.New("MongoServerSelectionError: Server selection timed out after 30000 ms")), nil, "the store reaches no server"},
		{"a mistake of the store", fails(errors.New("this.client.get is not a function")), nil, ""},
		{"a limit of the store", fails(errors.New("session is too large")), nil, ""},
		{"no call is answered", hang, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				suite := newRemote(c.ask, c.alive, setAndGet, setAndGet)
				start := time.Now()
				want := contract.Fail
				if c.down != "" {
					want = contract.Broken
				}
				for _, check := range suite.Checks() {
					v := suite.Verdict(t.Context(), check)
					if v.Status != want || c.down != "" && !strings.Contains(v.Reason, c.down) || strings.Contains(v.Reason, "\n") {
						t.Errorf("%s %q %s", v.Status, v.Reason, v.Message)
					}
				}
				if took := time.Since(start); c.down != "" && took > 20*time.Second {
					t.Errorf("took %s", took)
				}
				if err := suite.Down(); (err != nil) != (c.down != "") {
					t.Error(err)
				}
				if err := suite.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A backend that goes in the middle ends the run, while calls hang as well as when they fail, and takes no verdict back.
func TestDownInTheMiddle(t *testing.T) {
	for name, call := range map[string]func(context.Context) error{
		"calls hang": hang, "calls fail": func(context.Context) error { return errors.New("connection lost") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var gone atomic.Bool
				answer := func(ask func(context.Context) error) func(context.Context) error {
					return func(ctx context.Context) error {
						if !gone.Load() {
							return nil
						}
						return ask(ctx)
					}
				}
				suite := newRemote(answer(call), answer(func(context.Context) error { return syscall.ECONNREFUSED }),
					setAndGet, func(t *engine.C) { gone.Store(true); setAndGet(t) }, setAndGet)
				start := time.Now()
				for i, want := range []contract.Status{contract.Pass, contract.Broken, contract.Broken} {
					if v := suite.Verdict(t.Context(), suite.Checks()[i]); v.Status != want {
						t.Errorf("%s: %s %q, want %s", v.ID, v.Status, v.Reason, want)
					}
				}
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("took %s", took)
				}
				if err := suite.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A store that fails for a moment, because it connects again, reaches its server.
func TestReconnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lost := time.Now()
		suite := newRemote(func(context.Context) error {
			if time.Since(lost) < 700*time.Millisecond {
				return syscall.ECONNREFUSED
			}
			return nil
		}, nil, setAndGet)
		if v := suite.Verdict(t.Context(), suite.Checks()[0]); v.Status != contract.Fail || suite.Down() != nil {
			t.Errorf("%s %q, down: %v", v.Status, v.Reason, suite.Down())
		}
	})
}

// What a check sees of connections that it disturbs itself says nothing of the server.
func TestOutageIsNotDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		check := engine.Check{Requirement: contract.FaultsSlow, When: engine.Exclusive, Body: func(t *engine.C) {
			t.Fail("wanted    an answer\ngot       connect ECONNREFUSED")
		}}
		suite := engine.New(subject.Subject{
			Name: "fails now",
			Open: func(context.Context) (spec.Store, error) {
				fails := func(context.Context) error { return errors.New("there is no connection") }
				return remote{memorystore.New(memorystore.Options{}), fails}, nil
			},
			Faulty: func(context.Context) (spec.Store, subject.Link, error) { return nil, nil, errors.ErrUnsupported },
		}, engine.Settings{CallTimeout: 15 * time.Second}, []engine.Check{check})
		if v := suite.Verdict(t.Context(), check); v.Status != contract.Fail || suite.Down() != nil {
			t.Errorf("%s %q, down: %v", v.Status, v.Reason, suite.Down())
		}
	})
}

// A backend that does not answer one question lives.
func TestOneQuestionIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		lost := func(context.Context) error {
			if asked.Add(1)%2 == 0 {
				return errors.New("too busy")
			}
			return nil
		}
		suite := newRemote(func(context.Context) error { return nil }, lost, func(t *engine.C) { t.Pause(time.Minute); setAndGet(t) })
		if v := suite.Verdict(t.Context(), suite.Checks()[0]); v.Status != contract.Pass {
			t.Errorf("%s %q", v.Status, v.Reason)
		}
		if err := suite.Close(); err != nil {
			t.Error(err)
		}
		if asked.Load() < 30 {
			t.Errorf("asked %d times in a minute", asked.Load())
		}
	})
}
