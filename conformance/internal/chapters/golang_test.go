package chapters

import (
	"context"
	"crypto/rand"
	"runtime"
	"runtime/pprof"
	"sync"
	"testing"
)

// A goroutine counts from its start, also while it waits for a processor.
func TestGoroutinesWith(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for range 100 {
		tag, end := rand.Text(), make(chan struct{})
		var waiting sync.WaitGroup
		pprof.Do(t.Context(), pprof.Labels(goroutineLabel, tag), func(context.Context) {
			waiting.Go(func() { <-end })
		})
		if len(goroutinesWith(tag)) != 1 {
			t.Fatalf("got %q", goroutinesWith(tag))
		}
		close(end)
		waiting.Wait()
	}
}
