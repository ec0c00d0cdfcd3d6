package bench

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// pointers is a map of pointers without a bound, a lock or expiry: the measure for the collector and for a lookup.
type pointers map[string]*spec.Session

func (p pointers) Get(_ context.Context, id string) (*spec.Session, error) { return p[id].Clone(), nil }

func (p pointers) Set(_ context.Context, id string, s *spec.Session) error {
	p[strings.Clone(id)] = s.Clone()
	return nil
}

func (p pointers) Touch(_ context.Context, id string, s *spec.Session) error {
	if stored := p[id]; stored != nil {
		stored.Cookie = s.Cookie.Clone()
	}
	return nil
}

func (p pointers) Destroy(_ context.Context, id string) error { delete(p, id); return nil }

// BenchmarkHeap is what a million sessions take beside the bytes of their ids and texts, and what it costs the collector to go over them once.
func BenchmarkHeap(b *testing.B) {
	full := shape{1_000_000, 300}
	for _, c := range append(slices.Clone(candidates), candidate{"map-of-pointers", func(testing.TB, int) store { return pointers{} }}) {
		b.Run(fmt.Sprintf("%s/store=%s", full, c.name), func(b *testing.B) {
			before := heap()
			s := c.open(b, full.n)
			fill(b, s, full)
			overhead := float64(heap()-before)/float64(full.n) - float64(full.size+len(id(0)))
			cycles := make([]time.Duration, 5)
			for i := range cycles {
				start := cpu()
				runtime.GC()
				cycles[i] = cpu() - start
			}
			slices.Sort(cycles)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(overhead, "B/entry")
			b.ReportMetric(float64(cycles[len(cycles)/2])/1e6, "gc-cpu-ms")
			runtime.KeepAlive(s)
		})
	}
}

// heap returns the bytes in use after a collection.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
