package bridge

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// BenchmarkGo compares a get over the end in Go, of a session of about 300 bytes, with a bare echo of the same size by a program in Go: one call
// at a time, with the median in p50-µs, and 64 calls at a time.
func BenchmarkGo(b *testing.B) {
	text := []byte(`{"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"},"text":"` + string(bytes.Repeat([]byte("x"), 220)) + `"}`)
	b.Run("echo", func(b *testing.B) {
		self, err := os.Executable()
		if err != nil {
			b.Fatal(err)
		}
		cmd := exec.Command(self)
		cmd.Env = []string{viceVariable + "=" + echo}
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
		answer := make([]byte, len(line))
		median(b, func() error {
			if _, err := in.Write(line); err != nil {
				return err
			}
			_, err := io.ReadFull(lines, answer)
			return err
		})
	})
	s := open(b, "none", Options{})
	session, err := spec.ParseSession(text)
	if err == nil {
		err = s.Set(b.Context(), "a", session)
	}
	if err != nil {
		b.Fatal(err)
	}
	get := func() error {
		_, err := s.Get(b.Context(), "a")
		return err
	}
	b.Run("host", func(b *testing.B) { median(b, get) })
	b.Run("pipelined", func(b *testing.B) {
		var wg sync.WaitGroup
		calls := make(chan struct{}, 64)
		for range 64 {
			wg.Go(func() {
				for range calls {
					if err := get(); err != nil {
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

func median(b *testing.B, one func() error) {
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
}
