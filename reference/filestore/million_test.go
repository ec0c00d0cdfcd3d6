package filestore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/metrics"
	"slices"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
)

// A million sessions in one directory are listed, counted and reaped in little memory, beside others that read and write. It takes minutes,
// and 5 GB of TMPDIR.
func TestMillion(t *testing.T) {
	if !thorough {
		t.Skip("takes minutes: set STORECHECK_THOROUGH=1 and -timeout 1h")
	}
	const million, over, others = 1_000_000, 100_000, 10
	for _, f := range []filestore.Format{filestore.NPM, filestore.Native} {
		t.Run(f.String(), func(t *testing.T) {
			clock, dir := newClock(), t.TempDir()
			o := filestore.Options{Format: f, Durability: filestore.ProcessCrash, Now: clock.Now}
			s := open(t, dir, o)
			took := stopwatch()
			fill(t, s, million-over, clock.Now().Add(time.Hour), "long")
			fill(t, s, over, clock.Now().Add(time.Minute), "short")
			t.Logf("Set: %v", took())
			neighbour := open(t, dir, o)

			plain, counted := time.Duration(1<<62), time.Duration(1<<62)
			for range 15 { // as others may use the machine
				took = stopwatch()
				folder, err := os.Open(dir)
				must(t, err)
				_, err = folder.Readdirnames(-1)
				must(t, errors.Join(err, folder.Close()))
				plain = min(plain, took())
				took = stopwatch()
				_, err = s.Length(t.Context())
				must(t, err)
				counted = min(counted, took())
			}
			t.Logf("a plain read of the directory: %v, Length: %v", plain, counted)
			if counted > plain*3/2 {
				t.Errorf("Length takes more than 1.5 times as long as a plain read of the directory")
			}

			for _, w := range []struct {
				name string
				want int
				walk func(context.Context) (int, error)
			}{
				{"Length", million, s.Length},
				{"Each", million, func(ctx context.Context) (n int, err error) {
					for _, err := range s.Each(ctx) {
						if err != nil {
							return n, err
						}
						n++
					}
					return n, nil
				}},
				{"Reap", over, func(ctx context.Context) (int, error) {
					clock.Advance(2 * time.Minute)
					return s.Reap(ctx)
				}},
			} {
				most := memory()
				sampled := watch(func() {
					time.Sleep(time.Millisecond)
					most = max(most, memory())
				})
				ctx, cancel := context.WithCancel(t.Context())
				var calls []time.Duration
				called := watch(func() {
					took := stopwatch()
					id := fmt.Sprint("other", len(calls)%others)
					_, err := neighbour.Get(ctx, id)
					err = errors.Join(err, neighbour.Set(ctx, id, session(len(calls))))
					if err != nil && ctx.Err() == nil {
						t.Error(err)
					}
					calls = append(calls, took())
				})
				took := stopwatch()
				n, err := w.walk(t.Context())
				walked := took()
				cancel()
				called()
				sampled()
				slices.Sort(calls)
				t.Logf("%s: %v, at most %d MB; meanwhile %d times get and set, half of them within %v, all within %v",
					w.name, walked, most>>20, len(calls), calls[len(calls)/2], calls[len(calls)-1])
				if n < w.want || n > w.want+others || err != nil {
					t.Errorf("%s: %d, %v; want %d", w.name, n, err, w.want)
				}
				if most > 100<<20 {
					t.Errorf("%s: %d bytes in use", w.name, most)
				}
				if len(calls) < 10 {
					t.Errorf("%s: others got %d calls done", w.name, len(calls))
				}

				ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
				took = stopwatch()
				if _, err = w.walk(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s with a context that ends: %v", w.name, err)
				}
				t.Logf("%s with a context that ends after 10 ms: %v", w.name, took())
				cancel()
			}
		})
	}
}

func stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// memory returns the memory of the process, by Go's runtime.
func memory() uint64 {
	m := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(m)
	return m[0].Value.Uint64() - m[1].Value.Uint64()
}
