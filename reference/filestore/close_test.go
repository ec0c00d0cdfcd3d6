package filestore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/storecheck/storecheck/reference/filestore"
)

// everyCall has a call of each method that returns an error.
var everyCall = map[string]func(ctx context.Context, s *filestore.Store, id string) error{
	"get":     func(ctx context.Context, s *filestore.Store, id string) error { _, err := s.Get(ctx, id); return err },
	"set":     func(ctx context.Context, s *filestore.Store, id string) error { return s.Set(ctx, id, session(1)) },
	"touch":   func(ctx context.Context, s *filestore.Store, id string) error { return s.Touch(ctx, id, session(1)) },
	"destroy": func(ctx context.Context, s *filestore.Store, id string) error { return s.Destroy(ctx, id) },
	"all":     func(ctx context.Context, s *filestore.Store, _ string) error { _, err := s.All(ctx); return err },
	"length":  func(ctx context.Context, s *filestore.Store, _ string) error { _, err := s.Length(ctx); return err },
	"reap":    func(ctx context.Context, s *filestore.Store, _ string) error { _, err := s.Reap(ctx); return err },
	"clear":   func(ctx context.Context, s *filestore.Store, _ string) error { return s.Clear(ctx) },
}

// A Close in the middle of calls lets each call succeed or fail with ErrClosed. After it all calls fail with ErrClosed.
func TestCloseWhileInUse(t *testing.T) {
	variants(t, func(t *testing.T, o filestore.Options) {
		o.Durability = filestore.ProcessCrash
		s := open(t, t.TempDir(), o)
		var running sync.WaitGroup
		var done atomic.Int64
		for name, call := range everyCall {
			running.Go(func() {
				for n := 0; ; n++ {
					err := call(context.Background(), s, fmt.Sprint(n%10))
					if errors.Is(err, filestore.ErrClosed) {
						return
					}
					if err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
					done.Add(1)
				}
			})
		}
		for done.Load() < 500 {
			must(t, s.Set(t.Context(), "id", session(1)))
		}
		must(t, s.Close())
		running.Wait()
		must(t, s.Close())
	})
}

// A countdown is a context that ends after a number of looks at it.
type countdown struct {
	context.Context
	left *atomic.Int64
}

func (c countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// Every call looks at its context at the start. A long call also looks at it again and again.
func TestContextEnds(t *testing.T) {
	variants(t, func(t *testing.T, o filestore.Options) {
		o.Durability = filestore.ProcessCrash
		s := open(t, t.TempDir(), o)
		const many = 10
		for name, call := range everyCall {
			for i := range many { // which clear has removed
				must(t, s.Set(t.Context(), fmt.Sprint(i), session(i)))
			}
			asked := 0
			for ; ; asked++ {
				ctx := countdown{t.Context(), new(atomic.Int64)}
				ctx.left.Store(int64(asked))
				if err := call(ctx, s, "none"); err == nil {
					break
				} else if !errors.Is(err, context.Canceled) {
					t.Fatalf("%s: %v", name, err)
				}
			}
			least := map[string]int{"all": many, "reap": many, "clear": 1, "length": 2}[name]
			if asked <= least {
				t.Errorf("%s asks its context %d times", name, asked)
			}
		}
	})
}
