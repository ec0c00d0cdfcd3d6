package browser

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/site"
)

// newest is the date of the newest run of the test's site.
var newest = time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)

// build makes a site of recorded runs of real stores: two dates, of which the older lacks some stores.
func build(tb testing.TB) (dir string) {
	tb.Helper()
	results := recorded(tb)
	in := site.Input{
		Address: "https://example.org/storecheck/",
		Runs:    []site.Run{{Date: newest, Results: results}, {Date: newest.AddDate(0, 0, -7), Results: results[3:]}},
		Absent:  []site.Absent{{Package: "connect-db2", Homepage: "https://example.org/connect-db2", Why: "it needs a DB2 server", Listed: true}},
	}
	for _, f := range conformance.Faults() {
		in.Faults = append(in.Faults, site.Fault{Name: f.Name, From: f.From, Breaks: f.Breaks})
	}
	dir = tb.TempDir()
	if err := site.Build(dir, in); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// recorded returns recorded runs of real stores.
func recorded(tb testing.TB) (results []*report.Result) {
	tb.Helper()
	paths, err := filepath.Glob("../../report/testdata/stores/*.json")
	if err != nil || len(paths) < 10 {
		tb.Fatalf("only %d recorded runs: %v", len(paths), err)
	}
	for _, path := range paths {
		r := readResult(tb, path)
		r.Target.Name = strings.TrimSuffix(filepath.Base(path), ".json") // several are of one store
		results = append(results, r)
	}
	return results
}

func readResult(tb testing.TB, path string) *report.Result {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it is only read
	r, err := report.Read(f)
	if err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
	return r
}

// serve serves a folder on loopback and returns its address.
func serve(tb testing.TB, dir string) string {
	tb.Helper()
	s := httptest.NewServer(http.FileServer(http.Dir(dir)))
	tb.Cleanup(s.Close)
	return s.URL + "/"
}

// chromium is the program, or empty.
func chromium() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"} {
		if _, err := os.Stat(name); name != "" && err == nil {
			return name
		}
	}
	return cmp.Or(os.Getenv("CHROMIUM"), "")
}
