package bridge_test

import (
	"bufio"
	"bytes"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/node"
	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/spec"
)

// BenchmarkNode compares a get over the Node host, of a session of about 300 bytes, with a bare echo of the same size by Node:
// one call at a time, with the median in p50-µs, and 64 calls at a time.
func BenchmarkNode(b *testing.B) {
	path, _, err := install.Node()
	if err != nil {
		b.Skip(err)
	}
	express, err := install.Ensure(b.Context(), install.Request{Packages: []string{node.ExpressSession, "memorystore@1.6.8"}})
	if err != nil {
		b.Skipf("express-session cannot be had here: %v", err)
	}
	text := []byte(`{"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"},"text":"` + string(bytes.Repeat([]byte("x"), 220)) + `"}`)

	b.Run("echo", func(b *testing.B) {
		cmd := exec.Command(path, filepath.Join("testdata", "echo.mjs"))
		in, err := cmd.StdinPipe()
		if err != nil {
			b.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		defer func() { _, _ = in.Close(), cmd.Wait() }()
		line := append(bytes.Clone(text), '\n')
		lines := bufio.NewReader(out)
		one := func() error {
			if _, err := in.Write(line); err != nil {
				return err
			}
			_, err := io.ReadFull(lines, make([]byte, len(line)))
			return err
		}
		roundTrips(b, one)
	})

	host := func(b *testing.B, factory string) {
		command, err := node.Command(b.Context(), node.Target{
			Factory: factory, Root: express, ExpressRoot: express,
		}, b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		p, err := bridge.Start(b.Context(), command, bridge.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer p.Close()
		s, err := p.Open(b.Context(), bridge.OpenParams{Namespace: "bench", Dir: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		session, err := spec.ParseSession(text)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Set(b.Context(), "a", session); err != nil {
			b.Fatal(err)
		}
		one := func() error {
			_, err := s.Get(b.Context(), "a")
			return err
		}
		roundTrips(b, one)
		b.Run("pipelined", func(b *testing.B) {
			var wg sync.WaitGroup
			calls := make(chan struct{}, 64)
			for range 64 {
				wg.Go(func() {
					for range calls {
						if err := one(); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for b.Loop() {
				calls <- struct{}{}
			}
			close(calls)
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
	// The bridge alone, and with what a get of a real store takes.
	b.Run("host", func(b *testing.B) {
		host(b, `session => Object.assign(new session.Store(), {
			set (id, s, done) { this[id] = JSON.parse(JSON.stringify(s)); done() },
			get (id, done) { done(null, this[id]) },
			destroy (id, done) { done() }
		})`)
	})
	b.Run("memorystore", func(b *testing.B) { host(b, "session => new (require('memorystore')(session))({})") })
}

func roundTrips(b *testing.B, one func() error) {
	b.Run("single", func(b *testing.B) {
		var times []time.Duration
		for b.Loop() {
			start := time.Now()
			if err := one(); err != nil {
				b.Fatal(err)
			}
			times = append(times, time.Since(start))
		}
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2])/float64(time.Microsecond), "p50-µs")
	})
}
