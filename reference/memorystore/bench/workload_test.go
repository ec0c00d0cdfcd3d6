package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// store is what every candidate is wrapped to.
type store interface {
	spec.Store
	spec.Toucher
}

var ctx = context.Background()

// A shape is how many sessions of which size a store holds.
type shape struct{ n, size int }

// shapes are what is measured. A million sessions of 4 KB take 5 GB and much of an hour: STORECHECK_THOROUGH=1 has them too.
func shapes() []shape {
	all := []shape{{1_000, 300}, {1_000, 4096}, {100_000, 300}, {100_000, 4096}, {1_000_000, 300}}
	if os.Getenv("STORECHECK_THOROUGH") != "" {
		all = append(all, shape{1_000_000, 4096})
	}
	return all
}

func (s shape) String() string { return fmt.Sprintf("n=%d/size=%d", s.n, s.size) }

// id is the nth session id, as long as those of express-session.
func id(n int) string { return fmt.Sprintf("%016x%016x", uint64(n)*0x9e3779b97f4a7c15, n) }

// session is one of size bytes with memory of its own, which expires in an hour.
func session(tb testing.TB, size int) *spec.Session {
	cookie := spec.NewCookie()
	cookie.SetMaxAge(time.Now(), time.Hour)
	text := fmt.Sprintf(`{"cookie":%s,"user":"Ada Lovelace","views":42,"roles":["admin","editor"],"text":"`, cookie)
	text += strings.Repeat("x", size-len(text)-len(`"}`)) + `"}`
	s, err := spec.ParseSession([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// sessions are some to set, more than one so that they are not always in the cache.
func sessions(tb testing.TB, size int) []*spec.Session {
	all := make([]*spec.Session, 1<<8)
	for i := range all {
		all[i] = session(tb, size)
	}
	return all
}

// fill puts sessions into s.
func fill(tb testing.TB, s store, shape shape) {
	// The order in which entries lie in memory is not that of their numbers.
	for _, i := range rand.Perm(shape.n) {
		if err := s.Set(ctx, id(i), session(tb, shape.size)); err != nil {
			tb.Fatal(err)
		}
	}
}

// draws are ids drawn at random from the first n, one after the other in memory: a request's id is in the cache, it is the store that has to go
// and look. They are so many that a benchmark hardly meets the order again in which it used the sessions before.
func draws(n int) []string {
	ids := make([]string, min(max(4*n, 1<<16), 1<<20))
	length := len(id(0))
	var text strings.Builder
	text.Grow(len(ids) * length)
	for range ids {
		text.WriteString(id(rand.IntN(n)))
	}
	for i := range ids {
		ids[i] = text.String()[i*length : (i+1)*length]
	}
	return ids
}

// measure runs b.N calls, split over goroutines, and reports the time of the processor beside that of the clock.
func measure(b *testing.B, goroutines int, call func(i int)) {
	b.ReportAllocs()
	b.ResetTimer()
	before := cpu()
	var wg sync.WaitGroup
	for g := range goroutines {
		from, to := b.N*g/goroutines, b.N*(g+1)/goroutines
		wg.Go(func() {
			for i := from; i < to; i++ {
				call(i)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(cpu()-before)/float64(b.N), "cpu-ns/op")
}
