package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// BenchmarkMiddleware is what a middleware does with a store: a get of which the cookie and one value are read, a set and a touch of the session
// that it holds; and with it what comes before: a value changed for a set, a cookie renewed for a touch. Beside this store it measures npm's
// memorystore, in a process of Node.
func BenchmarkMiddleware(b *testing.B) {
	for _, shape := range shapes() {
		b.Run(fmt.Sprintf("%s/store=memorystore", shape), func(b *testing.B) { benchmarkMiddleware(b, shape) })
		b.Run(fmt.Sprintf("%s/store=npm", shape), func(b *testing.B) { benchmarkNPM(b, shape) })
	}
}

func benchmarkMiddleware(b *testing.B, shape shape) {
	s := memorystore.New(memorystore.Options{Max: int64(shape.n)})
	fill(b, s, shape)
	kept := sessions(b, shape.size)
	for name, call := range map[string]func(id string, k *spec.Session, i int) error{
		"get": func(id string, _ *spec.Session, _ int) error {
			got, err := s.Get(ctx, id)
			if err != nil || got == nil {
				return errMissing
			}
			_, expires := got.Cookie.Expires()
			_, lives := got.Cookie.OriginalMaxAge()
			if !expires || !lives {
				return errMissing
			}
			var user string
			if _, err := got.Decode("user", &user); err != nil || user != "Ada Lovelace" {
				return errMissing
			}
			return nil
		},
		"set":   func(id string, k *spec.Session, _ int) error { return s.Set(ctx, id, k) },
		"touch": func(id string, k *spec.Session, _ int) error { return s.Touch(ctx, id, k) },
		"change+set": func(id string, k *spec.Session, i int) error {
			if err := k.Set("views", i); err != nil {
				return err
			}
			return s.Set(ctx, id, k)
		},
		"renew+touch": func(id string, k *spec.Session, _ int) error {
			k.Cookie.Touch(time.Now())
			return s.Touch(ctx, id, k)
		},
	} {
		ids := draws(shape.n)
		b.Run("op="+name, func(b *testing.B) {
			measure(b, 1, func(i int) {
				if err := call(ids[i%len(ids)], kept[i%len(kept)], i); err != nil {
					b.Error(err)
				}
			})
		})
	}
}

func benchmarkNPM(b *testing.B, shape shape) {
	node, _, err := install.Node()
	if err != nil {
		b.Skip(err)
	}
	dir, err := install.Ensure(ctx, install.Request{Packages: []string{"memorystore@1.6.8", "express-session@1.19.0"}, Log: os.Stderr})
	if err != nil {
		b.Skip(err)
	}
	script, err := os.ReadFile("npm.cjs")
	if err != nil {
		b.Fatal(err)
	}
	// Read from its standard input the script finds the packages in the folder it runs in.
	run := exec.Command(node, "--max-old-space-size=16384", "-", fmt.Sprint(shape.n), fmt.Sprint(shape.size), "3")
	run.Dir, run.Stdin, run.Stderr = dir, strings.NewReader(string(script)), os.Stderr
	out, err := run.Output()
	if err != nil {
		b.Fatal(err)
	}
	var rounds map[string][][2]float64
	if err := json.Unmarshal(out, &rounds); err != nil {
		b.Fatal(err)
	}
	for op, rounds := range rounds {
		b.Run("op="+op, func(b *testing.B) {
			slices.SortFunc(rounds, func(x, y [2]float64) int { return int(x[1] - y[1]) })
			median := rounds[len(rounds)/2]
			b.ReportMetric(median[0], "ns/op")
			b.ReportMetric(median[1], "cpu-ns/op")
		})
	}
}
