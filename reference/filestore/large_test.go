package filestore_test

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
)

// Length, Each and Reap do not hold a large directory in memory, and others read and write meanwhile.
func TestManySessions(t *testing.T) {
	many := 20_000
	if testing.Short() {
		many = 3_000
	}
	clock := newClock()
	s := open(t, memoryDir(t), filestore.Options{Format: filestore.Native, Sharded: true, Durability: filestore.ProcessCrash, Now: clock.Now})
	fill(t, s, many, clock.Now().Add(time.Hour), "")

	for name, walk := range map[string]func(context.Context) (int, error){
		"Length": s.Length,
		"Each": func(ctx context.Context) (n int, err error) {
			for _, err := range s.Each(ctx) {
				if err != nil {
					return n, err
				}
				n++
			}
			return n, nil
		},
		"Reap": func(ctx context.Context) (int, error) {
			n, err := s.Reap(ctx)
			return n + many, err
		},
	} {
		before := heap()
		most := before
		done := watch(func() {
			time.Sleep(5 * time.Millisecond) // or else the collections take all the time
			most = max(most, heap())
		})
		n, err := walk(t.Context())
		done()
		if n != many || err != nil {
			t.Errorf("%s: %d, %v; want %d", name, n, err, many)
		}
		// The sessions would be more than 4 MB.
		if most-before > 2<<20 {
			t.Errorf("%s: %d bytes more in use", name, most-before)
		}
	}

	// In the middle of it others get their turn, and it can be given up.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for e, err := range s.Each(ctx) {
		if err != nil {
			break
		}
		must(t, s.Set(t.Context(), e.ID, session("new")))
		cancel()
	}
	clock.Advance(2 * time.Hour)
	if n, err := s.Reap(t.Context()); n != many || err != nil {
		t.Errorf("reap: %d, %v; want %d", n, err, many)
	}
	if n, err := s.Length(t.Context()); n != 0 || err != nil {
		t.Errorf("length: %d, %v", n, err)
	}
}

// fill sets sessions, 8 at a time.
func fill(t *testing.T, s *filestore.Store, many int, end time.Time, prefix string) {
	t.Helper()
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := w; i < many; i += 8 {
				if err := s.Set(context.Background(), fmt.Sprintf("%s%08d", prefix, i), sessionUntil(end, i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
}

// heap returns the bytes in use: the least of several collections, as each also counts objects that are made while it runs.
func heap() uint64 {
	least := uint64(math.MaxUint64)
	for range 4 {
		runtime.GC()
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		least = min(least, live[0].Value.Uint64())
	}
	return least
}

// watch calls look again and again until done is called.
func watch(look func()) (done func()) {
	end := make(chan struct{})
	var looking sync.WaitGroup
	looking.Go(func() {
		for {
			select {
			case <-end:
				return
			default:
				look()
			}
		}
	})
	return func() {
		close(end)
		looking.Wait()
	}
}
