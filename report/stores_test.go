package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/storecheck/storecheck/conformance"
)

// storeCauses are results of real runs, in testdata/stores: published packages, and stores with one mistake. Each has words that its first line
// must have. Of a store with several mistakes that is the failure to look at first.
var storeCauses = map[string]string{
	"promises":                   "the methods return promises and never call back",
	"lagging-replica":            "reads lag behind writes",
	"zone-to-the-west":           "sessions end early, by about 5 h, as where a time zone is lost",
	"zone-to-the-east":           "sessions end late, by about 2 h, as where a time zone is lost",
	"no-server":                  "the store reaches no server",
	"get-throws":                 "get/missing",
	"connect-redis-6.1.2":        "session.lastModified: want nothing",
	"connect-loki-1.2.0":         "Cannot read properties of undefined (reading 'find')",
	"session-memory-store-0.2.2": "no end is looked at",
	"lowdb-session-store-1.1.1":  "no end is looked at",
	"prefix-without-delimiter":   "instances/separate: two stores on one backend share sessions",
	"session-file-store":         "look first at ids/no-escape",
	"upsert":                     "touch writes the session that it is given",
}

// The first screen of real stores that fail fits a terminal, and its first line names the cause.
func TestFirstScreenOfStores(t *testing.T) {
	files, err := filepath.Glob("testdata/stores/*.json")
	if err != nil || len(files) != len(storeCauses) {
		t.Fatalf("got %d files for %d stores: %v", len(files), len(storeCauses), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			r := readStore(t, file)
			for _, style := range []Style{{Width: 80}, {Width: 120}, {Width: 80, ASCII: true}} {
				p := newPrinter(r, style)
				p.screen()
				fits(t, p.b.String(), style.Width)
				lines := strings.Split(p.b.String(), "\n")
				if len(lines)-1 > screenLines {
					t.Errorf("width %d: the first screen has %d lines:\n%s", style.Width, len(lines)-1, p.b.String())
				}
			}
			p := newPrinter(r, Style{Width: 80})
			p.screen()
			cause, wanted := strings.Join(strings.Fields(p.b.String()), " "), storeCauses[name]
			if !strings.Contains(cause, wanted) {
				t.Errorf("the first screen lacks %q:\n%s", wanted, p.b.String())
			}
		})
	}
}

// No line of a report is wider than the terminal, apart from a command that a user copies.
func TestReportFitsWidth(t *testing.T) {
	for name := range storeCauses {
		for _, width := range []int{80, 120} {
			var b strings.Builder
			if err := Pretty(&b, readStore(t, filepath.Join("testdata/stores", name+".json")), Style{Width: width, Verbose: true}); err != nil {
				t.Fatal(err)
			}
			fits(t, b.String(), width)
		}
	}
}

func fits(t *testing.T, report string, width int) {
	t.Helper()
	for line := range strings.Lines(report) {
		if got := text.StringWidth(strings.TrimSuffix(line, "\n")); got > width {
			t.Errorf("a line of %d cells in a report of %d: %s", got, width, line)
		}
	}
}

func readStore(t *testing.T, file string) *Result {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	var faults []Fault
	for _, f := range conformance.Faults() {
		faults = append(faults, Fault{Name: f.Name, From: f.From, Breaks: f.Breaks})
	}
	r.Diagnosis = r.Diagnose(faults)
	return r
}
