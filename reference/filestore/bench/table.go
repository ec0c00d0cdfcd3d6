package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// A figure is a thing that is measured.
type figure struct {
	contender, operation string
	size, callers        int
}

// results are the rates of each round, in calls a second.
type results map[figure][]float64

func (r results) add(f figure, rate float64) { r[f] = append(r[f], rate) }

// median returns 0 for what was not measured.
func (r results) median(f figure) float64 {
	all := slices.Sorted(slices.Values(r[f]))
	if len(all) == 0 {
		return 0
	}
	return all[len(all)/2]
}

// print writes the figures and then what the bars say of them.
func (r results) print(w io.Writer, all []contender) {
	fmt.Fprintln(w, "## Sets a second, by the number of callers")
	for _, p := range promises {
		fmt.Fprintf(w, "\n%s.\n\n", strings.ToUpper(string(p[0]))+string(p[1:]))
		header := []string{"store"}
		for _, size := range sizes {
			for _, callers := range p.writers() {
				header = append(header, fmt.Sprintf("%d B, %d", size, callers))
			}
		}
		rows := table{header}
		for _, c := range all {
			row := []string{c.name}
			for _, size := range sizes {
				for _, callers := range p.writers() {
					row = append(row, cell("%.0f", r.median(figure{c.name, "set", size, callers})))
				}
			}
			// What only reads sets its files up as it likes.
			if c.promise == p && c.name != rawGet && c.name != rawReadFile {
				rows = rows.with(row)
			}
		}
		rows.print(w)
	}
	fmt.Fprint(w, "\n## Microseconds a call, one caller\n\n")
	rows := table{{"store"}}
	operations := []string{"get", "miss", "touch"}
	for _, size := range sizes {
		for _, operation := range operations {
			rows[0] = append(rows[0], fmt.Sprintf("%s, %d B", operation, size))
		}
	}
	for _, c := range all {
		row := []string{c.name}
		for _, size := range sizes {
			for _, operation := range operations {
				row = append(row, cell("%.1f", inverse(r.median(figure{c.name, operation, size, 1}))))
			}
		}
		rows = rows.with(row)
	}
	rows.print(w)
	fmt.Fprint(w, "\n## What is asked\n\n")
	rows = table{{"figure", "asked", "measured", ""}}
	for _, b := range bars {
		rows = append(rows, b.rows(r)...)
	}
	rows.print(w)
}

// inverse returns the microseconds of a call.
func inverse(rate float64) float64 {
	if rate == 0 {
		return 0
	}
	return 1e6 / rate
}

// cell leaves what was not measured empty.
func cell(format string, x float64) string {
	if x == 0 {
		return ""
	}
	return fmt.Sprintf(format, x)
}

// A table is one of Markdown; its first row is the header.
type table [][]string

// with adds a row, unless nothing of it was measured.
func (t table) with(row []string) table {
	if !slices.ContainsFunc(row[1:], func(cell string) bool { return cell != "" }) {
		return t
	}
	return append(t, row)
}

func (t table) print(w io.Writer) {
	for i, row := range t {
		fmt.Fprintln(w, "| "+strings.Join(row, " | ")+" |")
		if i == 0 {
			fmt.Fprintln(w, "| --- |"+strings.Repeat(" ---: |", len(row)-1))
		}
	}
}
