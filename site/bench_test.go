package site

import (
	"fmt"
	"testing"
)

// BenchmarkBuild makes a site of 60 stores and ten dates.
func BenchmarkBuild(b *testing.B) {
	var in Input
	in.Address = "https://example.org/"
	all := recorded(b)
	for date := range 10 {
		run := Run{Date: newest.AddDate(0, 0, -7*date)}
		for i := range 60 {
			r := *all[i%len(all)]
			r.Target.Name = fmt.Sprintf("store-%02d", i)
			run.Results = append(run.Results, &r)
		}
		in.Runs = append(in.Runs, run)
	}
	dir := b.TempDir()
	b.ResetTimer()
	for b.Loop() {
		if err := Build(dir, in); err != nil {
			b.Fatal(err)
		}
	}
}
