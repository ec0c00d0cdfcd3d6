package site

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// made is a result of a store that fails some requirements, and holds some others.
func made(name string, fails []string, holds ...string) *report.Result {
	var planned []*contract.Requirement
	for _, id := range append(fails, holds...) {
		rule, ok := contract.Lookup(id)
		if !ok {
			panic(id)
		}
		planned = append(planned, rule)
	}
	r := report.New(planned)
	r.Target = report.Target{Name: name, Version: "1.0.0", Spec: "npm:" + name}
	r.Started = newest
	for _, id := range fails {
		r.Add(contract.Verdict{ID: id, Status: contract.Fail, Message: id + " failed"})
	}
	for _, id := range holds {
		r.Add(contract.Verdict{ID: id, Status: contract.Pass})
	}
	r.Finish(contract.Must)
	return r
}

// inCatalogue says of which recipe a result is.
func inCatalogue(r *report.Result, recipe, version string, claims ...string) *report.Result {
	name, _, _ := strings.Cut(recipe, "@")
	r.Store = &report.Store{Recipe: recipe, Package: name, Version: version, Backend: "none", Claims: map[string]bool{}, GranularityMs: 1000, Homepage: "https://example.org/"}
	for _, c := range claims {
		r.Store.Claims[c] = true
	}
	return r
}

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// readable is what a reader sees of a page, without its tags.
func readable(tb testing.TB, site fs.FS, page string) string {
	tb.Helper()
	text, err := fs.ReadFile(site, page)
	if err != nil {
		tb.Fatal(err)
	}
	return spaces.ReplaceAllString(tags.ReplaceAllString(string(text), ""), " ")
}

// wants fails where a page lacks a text, or has one that begins with an exclamation mark.
func wants(t *testing.T, site fs.FS, page string, texts ...string) {
	t.Helper()
	got := readable(t, site, page)
	for _, want := range texts {
		if not, isNot := strings.CutPrefix(want, "!"); isNot == strings.Contains(got, strings.TrimPrefix(want, "!")) {
			t.Errorf("%s: want %q (without: %q); the page says: %.1500s", page, want, not, got)
		}
	}
}

func madeSite(t *testing.T, in Input, results ...*report.Result) fs.FS {
	t.Helper()
	in.Address, in.Runs = "https://example.org/", append([]Run{{Date: newest, Results: results}}, in.Runs...)
	return built(t, in)
}

// What follows from a foundation that fails too is no danger of its own: it may tell the opposite.
func TestDangersOfAStore(t *testing.T) {
	site := madeSite(t, Input{},
		made("endless", []string{"expiry/gone-after", "fidelity/nested-cookie"}, "get/after-set"),
		made("misled", []string{"fidelity/nested-cookie", "touch/no-resurrection", "middleware/logout-elsewhere"}, "expiry/gone-after", "get/after-set"))
	wants(t, site, "store/endless/index.html", "Sessions may outlive their end:an expired session is still found (expiry/gone-after)",
		"Fails too, and may follow from these:a cookie deeper down in the data changes the session (fidelity/nested-cookie should)", "!find themselves logged out:")
	wants(t, site, "store/misled/index.html", "Users may find themselves logged out:a cookie deeper down in the data changes the session (fidelity/nested-cookie should)",
		"A logout may be undone:touch brings a destroyed session back (touch/no-resurrection)", "a request in flight undoes a logout (middleware/logout-elsewhere)", "!outlive", "!Fails too")
	wants(t, site, "requirement/touch/no-resurrection/index.html", "what users may meetA logout may be undone: touch brings a destroyed session back", "touch/no-resurrection: touch does not bring")
}

// A failure stands under its confirmed cause, once, and the cause has the colour of what it explains.
func TestCauses(t *testing.T) {
	r := inCatalogue(made("", []string{"expiry/plain-cookie", "callbacks/throwing", "touch/keeps-data"}, "get/after-set"), "a-store", "1.0.0")
	r.Diagnosis = &report.Diagnosis{Cause: "a guess", Evidence: "seen"}
	in := Input{Findings: []Finding{
		{Recipe: "a-store", ID: "mild", Says: "Mild.", Kind: "defect", Requirements: []string{"expiry/plain-cookie", "callbacks/throwing"}, Reproduction: "process.argv[2]", Install: []string{"a-store@1.0.0"}, Argument: "redis://127.0.0.1:6379"},
		{Recipe: "a-store", ID: "grave", Says: "Grave.", Kind: "defect", Requirements: []string{"touch/keeps-data", "callbacks/throwing"}},
	}}
	site := madeSite(t, in, r)
	text, err := fs.ReadFile(site, "store/a-store/index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`class="explained should" id="cause-mild"`, `class="explained must" id="cause-grave"`, "npm install a-store@1.0.0\nnode show.js redis://127.0.0.1:6379"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if n := strings.Count(string(text), "Mild."); n != 1 {
		t.Errorf("the cause stands %d times", n)
	}
	wants(t, site, "store/a-store/index.html", "!a guess", "It also explains callbacks/throwing", "Data may be lost or changed:Grave (touch/keeps-data)", "Mild (")
	in.Findings = in.Findings[:1]
	wants(t, madeSite(t, in, r), "store/a-store/index.html", "a guess", "without a confirmed cause touch/keeps-data")
}

// What is recorded is shown, and is never said to fail or to hold.
func TestRecorded(t *testing.T) {
	r := made("a-store", nil, "get/after-set")
	r.Requirements = append(r.Requirements, report.Requirement{ID: "fidelity/dates", Chapter: "fidelity", Level: contract.May, Title: "dates", Status: contract.Pass, Observed: "a Date comes back as a string"})
	site := madeSite(t, Input{}, r)
	wants(t, site, "requirement/fidelity/dates/index.html", "What the stores do a Date comes back as a string: 1 a-store", "!Fails today", "!Holds", "!No store")
	wants(t, site, "store/a-store/index.html", "• recorded fidelity/dates")
	wants(t, site, "requirement/get/after-set/index.html", "Fails today: 0 of 1 None.", "!No store that could")
	wants(t, site, "requirement/index.html", "get/after-set0 of 1musta session that was set is found, whole", "not judged")
}

// The versions of one package know each other, and its place in express-session's list is that of all.
func TestSiblings(t *testing.T) {
	old, latest := inCatalogue(made("", nil, "get/after-set"), "pkg", "9.0.0", "durable"), inCatalogue(made("", nil, "get/after-set"), "pkg@10", "10.0.0", "durable", "shared")
	old.Store.Listed = true
	memory := inCatalogue(made("", nil, "get/after-set"), "express-session", "1.19.0")
	site := madeSite(t, Input{Notes: map[string]string{"express-session": "Not meant for production."}}, old, latest, memory)
	wants(t, site, "store/pkg@9/index.html", "The one judged here is 9.0.0; newer: pkg 10.0.0.", "Other versions and settings: pkg 10.0.0", "(the catalogue has pkg 9.0.0)", "sessions are infiles")
	wants(t, site, "store/pkg@10/index.html", "!There is a newer version", "Other versions and settings: pkg 9.0.0", "package listed by express-sessionyes")
	wants(t, site, "store/express-session/index.html", "express-session MemoryStore 1.19.0", "Not meant for production.", "sessions are inmemory", "Keeps nothing over a restart of the app")
	text, _ := fs.ReadFile(site, "store/pkg@9/index.html")
	if !strings.Contains(string(text), `index.html?compare=pkg%409%2cpkg%4010"`) {
		t.Error("there is no link that compares the versions")
	}
	// The address without a version leads to the newest one, and that of a run to what it had.
	wants(t, site, "store/pkg/index.html", "pkg 10.0.0", "!The one judged here is 9.0.0")
	wants(t, site, "run/2026-11-28/store/pkg/index.html", "The one judged here is 9.0.0")
	wants(t, site, "changes/index.html", "pkg9.0.010.0.0 nothing nothing (side by side)")
	for name, same := range map[string]string{"badge/pkg.svg": "badge/pkg@10.svg", "store/pkg/data.json": "store/pkg@10/data.json", "embed/pkg/index.html": "embed/pkg@10/index.html"} {
		one, err := fs.ReadFile(site, name)
		other, err2 := fs.ReadFile(site, same)
		if err != nil || err2 != nil || string(one) != string(other) {
			t.Errorf("%s is not %s: %v, %v", name, same, err, err2)
		}
	}
	front, _ := fs.ReadFile(site, "index.html")
	if n := strings.Count(string(front), " data-listed"); n != 2 {
		t.Errorf("%d stores are listed, want 2", n)
	}
	if n := strings.Count(string(front), " data-durable"); n != 2 {
		t.Errorf("%d stores are durable, want 2", n)
	}
}

// A run says what it has taken over, and a store that has left says so.
func TestRunsAndTheirResults(t *testing.T) {
	kept, gone, anew := made("kept", nil, "get/after-set"), made("gone", nil, "get/after-set"), made("anew", []string{"get/after-set"})
	kept.Started, gone.Started = newest.Add(-7*24*time.Hour), newest.Add(-7*24*time.Hour)
	for i := range 5 {
		gone.Requirements = append(gone.Requirements, report.Requirement{ID: fmt.Sprintf("get/q%d", i), Chapter: "get", Level: contract.Must, Title: "q", Status: contract.Broken, Reason: "not checked: the run broke before"})
	}
	site := madeSite(t, Input{Runs: []Run{{Date: kept.Started, Results: []*report.Result{kept, gone}}}}, kept, anew)
	wants(t, site, "store/kept/index.html", "2026-11-21 06:00 UTC, taken over from the run of 2026-11-21")
	wants(t, site, "run/2026-11-21/store/kept/index.html", "!taken over")
	wants(t, site, "store/gone/index.html", "No longer judged.", "5 requirements: ! broken: not checked: the run broke before")
	wants(t, site, "run/2026-11-21/store/gone/index.html", "!No longer judged.")
	wants(t, site, "changes/index.html", "1 new (anew@1.0.0), 1 gone (gone@1.0.0), 1 the same: compare with 2026-11-21", "compare with 2026-11-28")
	wants(t, site, "changes/2026-11-21..2026-11-28/index.html", "gone@1.0.0, was conformant. The newer run has no result of it, and the catalogue says no reason. Its last result")
	wants(t, site, "index.html", "stores checked2", "conformant1", "nonconformant1", "checked between2026-11-21 and 2026-11-28")
}

// A run that broke says so before all else.
func TestBroken(t *testing.T) {
	r := made("a-store", []string{"expiry/gone-after"})
	r.Requirements = append(r.Requirements, report.Requirement{ID: "fidelity/depth-100", Chapter: "fidelity", Level: contract.Must, Title: "deep", Status: contract.Broken, Reason: "its event loop is blocked\n  program: node"})
	r.Verdict = report.Broken
	page := readable(t, madeSite(t, Input{}, r), "store/a-store/index.html")
	broke, fails := strings.Index(page, "The run broke"), strings.Index(page, "What does not hold")
	if broke < 0 || broke > fails || !strings.Contains(page[broke:fails], "fidelity/depth-100 must its event loop is blocked") {
		t.Errorf("%s", page)
	}
}

// A cell that only Shoulds or what is unclear of them make red has another form where only Musts count.
func TestCells(t *testing.T) {
	tally := func(held, violated, unsure int) report.Tally {
		return report.Tally{Held: held, Violated: violated, Unsure: unsure}
	}
	for _, c := range []struct {
		must, should report.Tally
		html, says   string
	}{
		{tally(3, 0, 0), tally(1, 0, 0), `<td class="cell p" data-chapter="get" title="get: all 4 that were asked hold">✓</td>`, "all 4 that were asked hold"},
		{tally(3, 1, 0), tally(1, 1, 0), `<td class="cell f" data-chapter="get"><a href="store/s/index.html#chapter-get" title="get: 1 Must fails and 1 Should fails, of 6 asked">1<span class="s">+1</span></a></td>`, "1 Must fails and 1 Should fails, of 6 asked"},
		{tally(3, 0, 0), tally(1, 2, 0), `<td class="cell w" data-chapter="get"><a href="store/s/index.html#chapter-get" title="get: 2 Shoulds fail, of 6 asked"><span class="s">+2</span><span class="m p">✓</span></a></td>`, "2 Shoulds fail, of 6 asked"},
		{tally(3, 0, 0), tally(1, 0, 1), `<td class="cell u" data-chapter="get"><a href="store/s/index.html#chapter-get" title="get: 4 of 5 hold, 1 without a clear answer"><span class="s">?</span><span class="m p">✓</span></a></td>`, "4 of 5 hold, 1 without a clear answer"},
		{tally(0, 0, 0), tally(1, 0, 0), `<td class="cell p" data-chapter="get" title="get: the one that was asked holds"><span class="s">✓</span><span class="m n">–</span></td>`, "the one that was asked holds"},
		{tally(0, 0, 0), tally(0, 0, 0), `<td class="cell n" data-chapter="get">–</td>`, "nothing that counts could be asked"},
	} {
		one := cell{"get", c.must, c.should}
		p := &matrixPage{frame: frame{Run: &namedRun{Chapters: []chapter{{Name: "get", Asked: true}, {Name: "go"}}}}}
		if got := string(p.Chapters(&store{Result: &report.Result{}, Slug: "s", Cells: []cell{one, {Chapter: "go"}}})); got != c.html {
			t.Errorf("got  %s\nwant %s", got, c.html)
		}
		if got := one.Tally(); got != c.says {
			t.Errorf("got %s, want %s", got, c.says)
		}
	}
}

func TestPlanted(t *testing.T) {
	got := planted([]Fault{{Name: "a", From: "x"}, {Name: "b"}, {Name: "a"}, {Name: "b", From: "y"}, {Name: "a", From: "z"}})
	if want := "[{a x; z []} {b y []}]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestWithin(t *testing.T) {
	for ms, want := range map[int]string{1: "1 ms", 1000: "1 s", 1500: "1500 ms", 60_000: "1 min", 86_400_000: "24 h"} {
		if got := within(ms); got != want {
			t.Errorf("%d: %s, want %s", ms, got, want)
		}
	}
}
