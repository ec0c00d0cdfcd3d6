package main

import (
	"fmt"
	"slices"
	"strings"
)

// ours are the stores that are measured against the others.
var ours = []string{"memorystore", "memorystore,coarse-clock", "memorystore,sharded"}

const (
	cpu  = "cpu-ns/op"
	none = "–"
)

func (r *results) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Figures of reference/memorystore\n\nMedians of %d rounds on %s. Printed by `go run ./tables > FIGURES.md` in this folder; what is measured and how: "+
		"[doc.go](doc.go).\nTimes are of the processor, for one call, the garbage collector included. Bold is what misses its bar.\n",
		r.rounds(), strings.Join(r.machine, ", "))
	r.stores(&b)
	r.middleware(&b)
	r.cookie(&b)
	r.heap(&b)
	return b.String()
}

// cell is a value with its ratio to another, bold when the ratio is on the wrong side of its bar; no bar is 0, and so is what was not measured.
func cell(value, to, bar float64, atLeast bool) string {
	switch {
	case value == 0:
		return none
	case to == 0:
		return fmt.Sprintf("%.0f", value)
	}
	ratio := value / to
	text := fmt.Sprintf("%.0f (%.2f)", value, ratio)
	if bar > 0 && (atLeast && ratio < bar || !atLeast && ratio > bar) {
		return "**" + text + "**"
	}
	return text
}

func row(b *strings.Builder, cells ...string) { fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | ")) }

func head(b *strings.Builder, cells ...string) {
	row(b, cells...)
	row(b, slices.Repeat([]string{"---"}, len(cells))...)
}

// stores prints a table for each size and number of goroutines.
func (r *results) stores(b *strings.Builder) {
	const bench = "Stores"
	candidates, counts, ops := r.of(bench, "store"), r.of(bench, "n"), r.of(bench, "op")
	for _, size := range r.of(bench, "size") {
		for _, goroutines := range r.of(bench, "goroutines") {
			fmt.Fprintf(b, "\n## Go stores: sessions of %s bytes, goroutines: %s\n\nns of the processor (ratio to the fastest of the others; bar 1.10 on get, touch and "+
				"mix at 1,000 and 1,000,000)\n\n", size, goroutines)
			columns := []string{"store"}
			for _, op := range ops {
				for _, n := range counts {
					columns = append(columns, op+" "+short(n))
				}
			}
			head(b, columns...)
			for _, c := range candidates {
				cells := []string{c}
				for _, op := range ops {
					for _, n := range counts {
						name := func(c string) string {
							return fmt.Sprintf("%s/n=%s/size=%s/store=%s/op=%s/goroutines=%s", bench, n, size, c, op, goroutines)
						}
						fastest := 0.0
						for _, peer := range candidates {
							if v, ok := r.median(name(peer), cpu); ok && !slices.Contains(ours, peer) && (fastest == 0 || v < fastest) {
								fastest = v
							}
						}
						bar := 0.0
						if slices.Contains(ours, c) && op != "set" && n != "100000" {
							bar = 1.1
						}
						if v, ok := r.median(name(c), cpu); ok {
							cells = append(cells, cell(v, fastest, bar, false))
						} else {
							cells = append(cells, none)
						}
					}
				}
				row(b, cells...)
			}
		}
	}
}

// short writes a number of sessions.
func short(n string) string {
	n = strings.TrimSuffix(n, "000")
	if m, ok := strings.CutSuffix(n, "000"); ok {
		return m + "M"
	}
	return n + "k"
}

// middleware prints what npm's memorystore takes as a multiple of what this one does.
func (r *results) middleware(b *strings.Builder) {
	const bench = "Middleware"
	fmt.Fprint(b, "\n## npm's memorystore: a whole session in and out\n\nns of the processor here, then there (how many times as much; bar 3 on get, 5 on set, 10 on touch). change+set is a\nvalue changed in the session and then the set, renew+touch a new life for its cookie and then the touch.\n\n")
	bars := map[string]float64{"get": 3, "set": 5, "touch": 10}
	ops := []string{"get", "set", "change+set", "touch", "renew+touch"}
	head(b, append([]string{"sessions", "bytes"}, ops...)...)
	for _, n := range r.of(bench, "n") {
		for _, size := range r.of(bench, "size") {
			cells := []string{short(n), size}
			for _, op := range ops {
				here, ok := r.median(fmt.Sprintf("%s/n=%s/size=%s/store=memorystore/op=%s", bench, n, size, op), cpu)
				there, ok2 := r.median(fmt.Sprintf("%s/n=%s/size=%s/store=npm/op=%s", bench, n, size, op), cpu)
				if ok && ok2 {
					cells = append(cells, fmt.Sprintf("%.0f, ", here)+cell(there, here, bars[op], true))
				} else {
					cells = append(cells, none)
				}
			}
			row(b, cells...)
		}
	}
}

// cookie prints a get that reads the cookie beside a bare lookup that does.
func (r *results) cookie(b *strings.Builder) {
	const bench = "Cookie"
	fmt.Fprint(b, "\n## A get of which the cookie is read, beside a bare lookup of which it is\n\nns of the processor (ratio to a lookup in a map of pointers; bar 1.50)\n\n")
	stores := r.of(bench, "store")
	head(b, append([]string{"sessions", "bytes"}, stores...)...)
	for _, n := range r.of(bench, "n") {
		for _, size := range r.of(bench, "size") {
			cells := []string{short(n), size}
			name := func(store string) string {
				return fmt.Sprintf("%s/n=%s/size=%s/store=%s/op=get", bench, n, size, store)
			}
			bare, _ := r.median(name("bare-lookup"), cpu)
			for _, s := range stores {
				v, _ := r.median(name(s), cpu)
				cells = append(cells, cell(v, bare, 1.5, false))
			}
			row(b, cells...)
		}
	}
}

// heap prints what a session costs beside its bytes, and what all together cost the collector.
func (r *results) heap(b *strings.Builder) {
	const bench = "Heap"
	fmt.Fprint(b, "\n## Memory and garbage collection: 1,000,000 sessions of 300 bytes\n\nBytes of a session beside those of its id and text (bar 130); ms of the "+
		"processor for one cycle of the collector (ratio to a map of\npointers; bar 0.50)\n\n")
	head(b, "store", "bytes", "collection")
	name := func(store string) string { return fmt.Sprintf("%s/n=1000000/size=300/store=%s", bench, store) }
	measure, _ := r.median(name("map-of-pointers"), "gc-cpu-ms")
	for _, s := range r.of(bench, "store") {
		bytes, _ := r.median(name(s), "B/entry")
		cycle, _ := r.median(name(s), "gc-cpu-ms")
		over, bar := fmt.Sprintf("%.0f", bytes), 0.0
		if slices.Contains(ours, s) {
			bar = 0.5
			if bytes > 130 {
				over = "**" + over + "**"
			}
		}
		row(b, s, over, cell(cycle, measure, bar, false))
	}
}
