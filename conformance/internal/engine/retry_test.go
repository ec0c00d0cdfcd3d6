package engine_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A hesitant store answers some sets with an error, after a while.
type hesitant struct {
	*memorystore.Store
	refuses bool
	after   time.Duration
}

func (h *hesitant) Set(ctx context.Context, id string, s *spec.Session) error {
	if h.refuses {
		time.Sleep(h.after)
		return errors.New("no answer in time")
	}
	return h.Store.Set(ctx, id, s)
}

// What a store gives up is asked of it again.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	const late = 250 * time.Millisecond
	for _, c := range []struct {
		name  string
		after time.Duration
		times int // that the store refuses
		skips bool
		want  contract.Status
		asked int
		tells bool
	}{
		{name: "late once", after: late, times: 1, want: contract.Pass, asked: 2, tells: true},
		{name: "late twice", after: late, times: 2, want: contract.Pass, asked: 3, tells: true},
		{name: "late each time", after: late, times: 9, want: contract.Fail, asked: 3},
		{name: "late once, and nothing to judge", after: late, times: 1, skips: true, want: contract.Pass, asked: 2},
		{name: "late each time, and nothing to judge", after: late, times: 9, skips: true, want: contract.Skip, asked: 3},
		{name: "at once", times: 1, want: contract.Fail, asked: 1},
		{name: "at once, and nothing to judge", times: 1, skips: true, want: contract.Skip, asked: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			store := &hesitant{Store: memorystore.New(memorystore.Options{}), after: c.after}
			asked := 0
			suite := engine.New(subject.Subject{
				Name: "hesitant", Shared: true, Open: func(context.Context) (spec.Store, error) { return store, nil },
			}, engine.Settings{CallTimeout: time.Second}, []engine.Check{{Requirement: contract.GetMissing, Body: func(t *engine.C) {
				asked++
				store.refuses = asked <= c.times
				switch err := t.TrySet(t.ID(), t.Session()); {
				case err != nil && c.skips:
					t.Skip("%v", err)
				case err != nil:
					t.Fail("wanted    set to succeed\ngot       %v", err)
				}
			}}})
			v := suite.Verdict(t.Context(), suite.Checks()[0])
			if err := suite.Close(); err != nil {
				t.Fatal(err)
			}
			tells := strings.Contains(v.Observed, "failed while calls were given up")
			if v.Status != c.want || asked != c.asked || tells != c.tells {
				t.Errorf("got %s %q after %d runs of the check, want %s after %d\n%s%s", v.Status, v.Observed, asked, c.want, c.asked, v.Reason, v.Message)
			}
		})
	}
}

// A static store stands still for the sets of one check, and answers nobody meanwhile.
type static struct {
	*memorystore.Store
	stands, seen chan struct{} // closed when it does for the first time, and when another call has met that
	mu           sync.RWMutex
}

func (s *static) Set(ctx context.Context, id string, session *spec.Session) error {
	if _, stands := session.Raw("stands"); stands {
		s.mu.Lock()
		select {
		case <-s.stands:
			time.Sleep(1500 * time.Millisecond) // a call in the same process is given a second more
		default:
			close(s.stands)
			<-s.seen
		}
		s.mu.Unlock()
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.Store.Set(ctx, id, session)
}

// What a call of one check has brought about is not held against another.
func TestHangsBeside(t *testing.T) {
	t.Parallel()
	store := &static{Store: memorystore.New(memorystore.Options{}), stands: make(chan struct{}), seen: make(chan struct{})}
	var once sync.Once
	set := func(t *engine.C, members ...any) {
		if err := t.TrySet(t.ID(), t.Session(members...)); err != nil {
			t.Fail("wanted    set to succeed\ngot       %v", err)
		}
	}
	suite := engine.New(subject.Subject{
		Name: "static", Shared: true, Open: func(context.Context) (spec.Store, error) { return store, nil },
	}, engine.Settings{CallTimeout: 200 * time.Millisecond}, []engine.Check{
		{Requirement: contract.SetReplaces, Body: func(t *engine.C) { set(t) }, When: engine.First},
		{Requirement: contract.FidelityDepth100, Body: func(t *engine.C) { set(t, "stands", true) }},
		{Requirement: contract.SetHistory, Body: func(t *engine.C) {
			<-store.stands
			defer once.Do(func() { close(store.seen) })
			set(t)
		}},
	})
	var got []contract.Status
	for _, c := range suite.Checks() {
		v := suite.Verdict(t.Context(), c)
		got = append(got, v.Status)
		if tells := strings.Contains(v.Observed, "failed while calls were given up"); tells != (c.Requirement == contract.SetHistory) {
			t.Errorf("%s: observed %q", v.ID, v.Observed)
		}
	}
	if err := suite.Close(); err != nil {
		t.Fatal(err)
	}
	if want := []contract.Status{contract.Pass, contract.Fail, contract.Pass}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
