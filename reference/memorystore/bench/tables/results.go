package main

import (
	"bufio"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// results are the values of every benchmark, one a round.
type results struct {
	machine []string // goos, goarch and cpu, as go test prints them
	names   []string // of the benchmarks, in order
	values  map[string]map[string][]float64
}

var procs = regexp.MustCompile(`-\d+$`)

// read adds the output of go test -bench; what is no result is passed over.
func (r *results) read(in io.Reader) {
	if r.values == nil {
		r.values = map[string]map[string][]float64{}
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		line := lines.Text()
		for _, key := range []string{"goos: ", "goarch: ", "cpu: "} {
			if value, ok := strings.CutPrefix(line, key); ok && !slices.Contains(r.machine, value) {
				r.machine = append(r.machine, value)
			}
		}
		f := strings.Fields(line)
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name := procs.ReplaceAllString(strings.TrimPrefix(f[0], "Benchmark"), "")
		if r.values[name] == nil {
			r.values[name] = map[string][]float64{}
			r.names = append(r.names, name)
		}
		for i := 2; i+1 < len(f); i += 2 {
			if v, err := strconv.ParseFloat(f[i], 64); err == nil {
				r.values[name][f[i+1]] = append(r.values[name][f[i+1]], v)
			}
		}
	}
}

// median returns the middle of a benchmark's values, and whether there are any.
func (r *results) median(name, unit string) (float64, bool) {
	v := slices.Sorted(slices.Values(r.values[name][unit]))
	if len(v) == 0 {
		return 0, false
	}
	return v[len(v)/2], true
}

// rounds returns the greatest number of values that a benchmark has.
func (r *results) rounds() (n int) {
	for _, units := range r.values {
		for _, v := range units {
			n = max(n, len(v))
		}
	}
	return n
}

// of returns the distinct values of a key in the names of a benchmark, in order.
func (r *results) of(benchmark, key string) (values []string) {
	for _, name := range r.names {
		parts := strings.Split(name, "/")
		for _, p := range parts[1:] {
			if v, ok := strings.CutPrefix(p, key+"="); ok && parts[0] == benchmark && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
	}
	return values
}
