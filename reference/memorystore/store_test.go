package memorystore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

func TestClosed(t *testing.T) {
	ctx := t.Context()
	s := memorystore.New(memorystore.Options{CheckPeriod: time.Hour})
	must(t, s.Set(ctx, "a", numbered(1)))
	must(t, s.Close())
	must(t, s.Close())
	_, get := s.Get(ctx, "a")
	_, all := s.All(ctx)
	_, list := s.IDs(ctx)
	_, length := s.Length(ctx)
	for name, err := range map[string]error{
		"get": get, "set": s.Set(ctx, "a", numbered(1)), "touch": s.Touch(ctx, "a", numbered(1)), "destroy": s.Destroy(ctx, "a"),
		"all": all, "ids": list, "length": length, "clear": s.Clear(ctx),
	} {
		if !errors.Is(err, memorystore.ErrClosed) {
			t.Errorf("%s: %v, want %v", name, err, memorystore.ErrClosed)
		}
	}
	if n := s.Prune(); n != 0 {
		t.Errorf("a closed store pruned %d", n)
	}
}

// Many goroutines on few ids: every session that is read was set for that id, the bound holds, and each session leaves once.
func TestConcurrent(t *testing.T) {
	const goroutines, rounds, max = 8, 3000, 10
	var mu sync.Mutex
	left := map[string]int{}
	s := memorystore.New(memorystore.Options{
		Max: max, CheckPeriod: time.Millisecond,
		Dispose: func(id string, s *spec.Session, _ memorystore.Reason) {
			n, _ := s.Raw("n")
			mu.Lock()
			defer mu.Unlock()
			left[id+" "+string(n)]++
		},
	})
	defer s.Close()
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(g)))
			for i := range rounds {
				id := r.IntN(20)
				key := fmt.Sprint(id)
				switch r.IntN(4) {
				case 0:
					session := numbered(id + 20*(g*rounds+i))
					if r.IntN(2) == 0 {
						session.Cookie.SetExpires(time.Now().Add(time.Duration(r.IntN(3)) * time.Millisecond))
					}
					_ = s.Set(t.Context(), key, session)
				case 1:
					_ = s.Touch(t.Context(), key, numbered(0))
				case 2:
					_ = s.Destroy(t.Context(), key)
				default:
					var n int
					if got, _ := s.Get(t.Context(), key); got != nil {
						if _, err := got.Decode("n", &n); err != nil || n%20 != id {
							t.Errorf("under %d is the session %d of another", id, n)
						}
					}
				}
				if all, _ := s.IDs(t.Context()); len(all) > max {
					t.Errorf("%d sessions, more than %d", len(all), max)
				}
			}
		})
	}
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	for what, n := range left {
		if n > 1 {
			t.Errorf("session %s left %d times", what, n)
		}
	}
}

// A session that is not there is an error, and no panic.
func TestNilSession(t *testing.T) {
	for name, s := range map[string]spec.Store{
		"store":   memorystore.New(memorystore.Options{Max: 1, Weight: func(string, *spec.Session) int64 { return 1 }}),
		"sharded": memorystore.NewSharded(2, memorystore.Options{}),
	} {
		if err := s.Set(t.Context(), "id", nil); err == nil {
			t.Errorf("%s: a set of nil succeeds", name)
		}
		if err := s.(spec.Toucher).Touch(t.Context(), "id", nil); err == nil {
			t.Errorf("%s: a touch with nil succeeds", name)
		}
		if got, err := s.Get(t.Context(), "id"); got != nil || err != nil {
			t.Errorf("%s: get: %v, %v", name, got, err)
		}
	}
}
