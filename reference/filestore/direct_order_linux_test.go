package filestore_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/storecheck/storecheck/reference/filestore"
)

// BenchmarkDirectOrder counts how often a reader of Options.Direct sees a later session and then an earlier one, with three writers of one id and
// four readers, and beside it how often without Direct, where it never does:
//
//	go test ./reference/filestore -run '^$' -bench DirectOrder -benchtime 3000000x
//
// Each session is set once, and each writer counts upwards: what comes again after another, or after a higher number of its writer, is a reversal.
func BenchmarkDirectOrder(b *testing.B) {
	const writers, readersEach = 3, 2 // readers for each processor that Go uses
	for _, direct := range []bool{true, false} {
		b.Run(fmt.Sprintf("direct=%t", direct), func(b *testing.B) {
			s, err := filestore.Open(b.TempDir(), filestore.Options{Format: filestore.Native, Durability: filestore.ProcessCrash, Direct: direct})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close() //nolint:errcheck // every call was answered
			type version struct{ Writer, N int }
			if err := s.Set(b.Context(), "id", session(version{})); err != nil {
				b.Fatal(err)
			}
			var done atomic.Bool
			var writing sync.WaitGroup
			var sets, reversals atomic.Int64
			for w := range writers {
				writing.Go(func() {
					for n := 1; !done.Load(); n++ {
						if err := s.Set(b.Context(), "id", session(version{w, n})); err != nil {
							b.Error(err)
							return
						}
						sets.Add(1)
					}
				})
			}
			b.SetParallelism(readersEach)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				var seen [writers]int // the last of each writer
				var current version
				for pb.Next() {
					got, err := s.Get(b.Context(), "id")
					if err != nil {
						b.Error(err)
						return
					}
					var v version
					if _, err := got.Decode("n", &v); err != nil {
						b.Error(err)
						return
					}
					if v != current && v.N <= seen[v.Writer] {
						reversals.Add(1)
					}
					current, seen[v.Writer] = v, max(seen[v.Writer], v.N)
				}
			})
			b.StopTimer()
			done.Store(true)
			writing.Wait()
			b.ReportMetric(float64(sets.Load()), "sets")
			b.ReportMetric(float64(reversals.Load()), "reversals")
		})
	}
}
