package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/storecheck/storecheck/spec/contract"
)

// recorded are results of real runs of stores, with some of their requirements.
func recorded(t *testing.T) []*Result {
	t.Helper()
	files, err := filepath.Glob("testdata/results/new/*.json")
	if err != nil || len(files) != 6 {
		t.Fatalf("got %d results: %v", len(files), err)
	}
	var all []*Result
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Read(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// many are as many results as a catalogue has, of stores under other names.
func many(t *testing.T, n int) []*Result {
	t.Helper()
	results := recorded(t)
	var all []*Result
	for i := 0; len(all) < n; i++ {
		for _, r := range results {
			named, store := *r, *r.Store
			store.Package += fmt.Sprintf("-%d", i)
			if store.Backend == "memcached" {
				store.Server = &Server{Program: "memcached-mock", Emulator: true}
			}
			named.Store = &store
			all = append(all, &named)
		}
	}
	all = append(all[:n-1], sample(t)) // every status
	return all
}

func TestGoldenOfSeveral(t *testing.T) {
	absent := []Absent{
		{Name: "connect-datacache", Homepage: "https://github.com/adriantanasa/connect-datacache", Why: "it needs a service that has ended"},
		{Name: "other|store", Homepage: "javascript:alert(1)", Why: "<b>no</b> reason that fits a line of eighty cells, so that it is broken between its words"},
	}
	for name, write := range map[string]func(io.Writer) error{
		"few-80.txt": func(w io.Writer) error { return Summary(w, Ranked(recorded(t)), Style{Width: 80}) },
		"many-80.txt": func(w io.Writer) error {
			if err := Summary(w, many(t, 20), Style{Width: 80, Verbose: true}); err != nil {
				return err
			}
			return SummaryAbsent(w, absent, Style{Width: 80})
		},
		"many-120.txt": func(w io.Writer) error { return Summary(w, Ranked(many(t, 45)), Style{Width: 120}) },
		"few.md":       func(w io.Writer) error { return MarkdownMatrix(w, recorded(t), absent) },
		"many.md":      func(w io.Writer) error { return MarkdownMatrix(w, many(t, 20), nil) },
		"head.md":      func(w io.Writer) error { return MarkdownHead(w, recorded(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := write(&got); err != nil {
				t.Fatal(err)
			}
			golden(t, name, got.Bytes())
		})
	}
}

// The terminal is never too narrow, whatever the number of results.
func TestSummaryFitsWidth(t *testing.T) {
	for _, n := range []int{1, 3, 12, 13, 30, 75} {
		results := many(t, n)
		for _, width := range []int{80, 120} {
			var b strings.Builder
			if err := Summary(&b, results, Style{Width: width, Verbose: true}); err != nil {
				t.Fatal(err)
			}
			fits(t, b.String(), width)
			for i, r := range results {
				if want := fmt.Sprintf("%3d %s", i+1, text.Trim(r.ID(), 12)); !strings.Contains(b.String(), want) {
					t.Errorf("of %d results in %d cells, %q is missing", n, width, want)
				}
			}
		}
	}
}

// What tells the stores apart comes first, and a failure that follows from another is left out unless somebody wants all.
func TestContrasts(t *testing.T) {
	verdicts := func(a, b, c contract.Status) *Result {
		r := finish(t, nil,
			contract.Verdict{ID: "get/a", Status: a, Reason: "r"}, contract.Verdict{ID: "get/b", Status: b, Reason: "r"}, contract.Verdict{ID: "get/c", Status: c, Reason: "r"})
		r.Finish(contract.Must)
		return r
	}
	for _, c := range []struct {
		name string
		a, b *Result
		want string
	}{
		{"all hold", verdicts("pass", "pass", "skip"), verdicts("pass", "skip", "skip"), ""},
		{"one differs", verdicts("fail", "fail", "flaky"), verdicts("fail", "pass", "pass"), "what differs: get/b\nwhat holds nowhere: get/a\nwhat is unsure: get/c\n"},
		{"skipped elsewhere", verdicts("fail", "skip", "skip"), verdicts("skip", "skip", "skip"), "what holds nowhere: get/a\n"},
		{"known is violated", verdicts("known", "pass", "pass"), verdicts("pass", "pass", "pass"), "what differs: get/a\n"},
		{"out of date", verdicts("fixed", "pass", "pass"), verdicts("pass", "pass", "pass"), "what is unsure: get/a\n"},
		{"unsure and failed", verdicts("inconclusive", "pass", "pass"), verdicts("fail", "pass", "pass"), "what holds nowhere: get/a\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			for _, d := range contrasts([]*Result{c.a, c.b}) {
				got += d.kind.title() + ": " + d.ID + "\n"
			}
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		indices []int
		want    string
	}{{nil, ""}, {[]int{0}, "1"}, {[]int{0, 1}, "1, 2"}, {[]int{0, 1, 2, 5, 7, 8}, "1-3, 6, 8, 9"}, {[]int{3, 10, 11, 12}, "4, 11-13"}} {
		if got := numbers(c.indices); got != c.want {
			t.Errorf("%v: got %q, want %q", c.indices, got, c.want)
		}
	}
}

// A selection is as a run that was asked for less: it can be written, read and shown like any other.
func TestSelect(t *testing.T) {
	for _, r := range append(recorded(t), sample(t), dead(t)) {
		before := fmt.Sprint(*r)
		chosen := r.Select(func(q *Requirement) bool { return q.Chapter == "get" })
		if fmt.Sprint(*r) != before {
			t.Errorf("%s: the result itself has changed", r.ID())
		}
		consistent(t, chosen)
		if got := chosen.LeftOut - r.LeftOut; got != len(r.Requirements)-len(chosen.Requirements) {
			t.Errorf("%s: %d left out", r.ID(), got)
		}
		if slices.ContainsFunc(chosen.Requirements, func(q Requirement) bool { return q.Chapter != "get" }) {
			t.Errorf("%s: has more than was chosen", r.ID())
		}
		if chosen.Row("get/missing") == nil || chosen.Row("set/replaces") != nil {
			t.Errorf("%s: the rows are not those of the selection", r.ID())
		}
		if r.Select(func(*Requirement) bool { return false }) != nil {
			t.Errorf("%s: a selection of nothing is a result", r.ID())
		}
		if r.Select(func(*Requirement) bool { return true }) != r {
			t.Errorf("%s: a selection of all is not the result", r.ID())
		}
	}
}

// TestMarkdownPages: whatever a store says, a page has the tables and headings that it has for a store that says nothing.
func TestMarkdownPages(t *testing.T) {
	shape := func(s string) string {
		r := finish(t, nil, contract.Verdict{ID: "get/a", Status: contract.Fail, Message: s}, verdictOf("get/b", contract.Pass))
		r.Requirements[0].Title, r.Requirements[0].ID, r.Requirements[0].Chapter = "t"+s, "get/"+s, "get"+s
		r.Contract, r.Storecheck = s, s
		r.Store = &Store{Package: "p" + s, Version: s, Options: map[string]string{"o" + s: s}, Backend: s, Homepage: s}
		r.Finish(contract.Must)
		other := finish(t, nil, verdictOf("get/a", contract.Pass))
		other.Target.Name, other.Target.Version = "n"+s, s
		other.Finish(contract.Must)
		var b bytes.Buffer
		if err := MarkdownMatrix(&b, []*Result{r, other}, []Absent{{"x" + s, s, s}}); err != nil {
			t.Fatal(err)
		}
		return markdownShape(t, b.Bytes())
	}
	want := shape("x")
	for _, s := range nasty {
		if got := shape(s); got != want {
			t.Errorf("%q: the page is\n%s\nand not\n%s", s, got, want)
		}
	}
}
