package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/goccy/go-yaml"

	"github.com/storecheck/storecheck/spec/contract"
)

// consistent checks what holds of every finished result in every format: the document can be read back, and JUnit and TAP are red
// exactly where the exit status is not zero, and show as passed exactly what passed.
func consistent(t *testing.T, r *Result) {
	t.Helper()
	var doc bytes.Buffer
	if err := r.Write(&doc); err != nil {
		t.Fatal(err)
	}
	validate(t, doc.Bytes())
	again, err := Read(&doc)
	if err != nil {
		t.Fatalf("cannot read back: %v", err)
	}
	if again.Exit() != r.Exit() || again.Why() != r.Why() {
		t.Errorf("read back it exits %d (%s), not %d (%s)", again.Exit(), again.Why(), r.Exit(), r.Why())
	}
	passed := r.total(contract.Pass)
	suites := parseJUnit(t, r)
	if (suites.Failures+suites.Errors == 0) != (r.Exit() == ExitOK) {
		t.Errorf("exit %d, but JUnit has %d failures and %d errors", r.Exit(), suites.Failures, suites.Errors)
	}
	if got := suites.Tests - suites.Failures - suites.Errors - suites.Skipped; got != passed {
		t.Errorf("%d passed, in JUnit %d", passed, got)
	}
	tap := tapOf(t, r)
	if red := tapCheck(t, tap); (red == 0) != (r.Exit() == ExitOK) {
		t.Errorf("exit %d, but TAP has %d red test points", r.Exit(), red)
	}
	if got := len(tapPassed.FindAllString(tap, -1)); got != passed {
		t.Errorf("%d passed, in TAP %d", passed, got)
	}
	for name, write := range map[string]func(io.Writer) error{
		"pretty":  func(w io.Writer) error { return Pretty(w, r, Style{Width: 40, Verbose: true}) },
		"plain":   func(w io.Writer) error { return Plain(w, r) },
		"summary": func(w io.Writer) error { return Summary(w, []*Result{r}, Style{}) },
		"page":    func(w io.Writer) error { return MarkdownMatrix(w, []*Result{r, r}, nil) },
		"json":    r.Write,
	} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if bad := strings.IndexFunc(b.String(), func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }); bad >= 0 {
			t.Errorf("%s lets %q through to the terminal", name, b.String()[bad:min(bad+8, b.Len())])
		}
	}
}

// parseJUnit reads the XML as a stranger would and counts for itself.
func parseJUnit(t *testing.T, results ...*Result) junitSuites {
	t.Helper()
	var b bytes.Buffer
	if err := JUnit(&b, results...); err != nil {
		t.Fatal(err)
	}
	var all junitSuites
	if err := xml.Unmarshal(b.Bytes(), &all); err != nil {
		t.Fatalf("not XML: %v\n%s", err, b.Bytes())
	}
	var tests, failures, errs, skipped int
	for i, suite := range all.Suites {
		before := [4]int{tests, failures, errs, skipped}
		for _, c := range suite.Cases {
			tests++
			if c.Failure != nil {
				failures++
			}
			if c.Error != nil {
				errs++
			}
			if c.Skipped != nil {
				skipped++
			}
			if c.Class == "" || c.Name == "" {
				t.Errorf("a case without a class or name: %+v", c)
			}
		}
		got := [4]int{suite.Tests + before[0], suite.Failures + before[1], suite.Errors + before[2], suite.Skipped + before[3]}
		if want := [4]int{tests, failures, errs, skipped}; got != want {
			t.Errorf("suite %d counts %v, has %v", i, got, want)
		}
	}
	got, want := [4]int{all.Tests, all.Failures, all.Errors, all.Skipped}, [4]int{tests, failures, errs, skipped}
	if got != want || len(all.Suites) != len(results) {
		t.Errorf("the document counts %v, has %v in %d suites", got, want, len(all.Suites))
	}
	return all
}

func tapOf(t *testing.T, results ...*Result) string {
	t.Helper()
	var b strings.Builder
	if err := TAP(&b, results...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	tapPassed = regexp.MustCompile(`(?m)^ok \d+ - ([^\\#\n]|\\.)*$`)
	tapPlan   = regexp.MustCompile(`^1\.\.(\d+)$`)
	tapPoint  = regexp.MustCompile(`^(not )?ok (\d+) - ((?:[^\\#]|\\.)*?)(?: # (SKIP|TODO) .+)?$`)
)

// tapCheck is a small TAP 14 reader: it insists on the version, one plan a level that fits, ascending numbers, and diagnostics that are
// YAML, and returns the number of red test points at the outermost level.
func tapCheck(t *testing.T, text string) (red int) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if lines[0] != "TAP version 14" {
		t.Fatalf("no version: %q", lines[0])
	}
	rest, red := tapLevel(t, lines[1:], "")
	if len(rest) > 0 {
		t.Errorf("cannot read from %q on", rest[0])
	}
	return red
}

func tapLevel(t *testing.T, lines []string, indent string) (rest []string, red int) {
	t.Helper()
	plan, number, inner, hasInner := -1, 0, 0, false
	for len(lines) > 0 {
		line, ok := strings.CutPrefix(lines[0], indent)
		if !ok {
			break
		}
		switch {
		case strings.HasPrefix(line, "# "):
			lines = lines[1:]
		case tapPlan.MatchString(line):
			if plan >= 0 {
				t.Errorf("a second plan: %q", line)
			}
			plan, _ = strconv.Atoi(tapPlan.FindStringSubmatch(line)[1])
			lines = lines[1:]
		case tapPoint.MatchString(line):
			m := tapPoint.FindStringSubmatch(line)
			number++
			if m[2] != strconv.Itoa(number) {
				t.Errorf("number %s, want %d: %q", m[2], number, line)
			}
			isRed := m[1] != "" && m[4] == ""
			if m[4] != "" && (m[1] != "") != (m[4] == "TODO") {
				t.Errorf("skipped is ok, and what is still to do is not: %q", line)
			}
			if isRed {
				red++
			}
			if hasInner && isRed != (inner > 0) {
				t.Errorf("the subtest has %d red points, but its parent says %q", inner, line)
			}
			hasInner = false
			lines = lines[1:]
		case line == "  ---":
			end := -1
			for i, l := range lines {
				if l == indent+"  ..." {
					end = i
					break
				}
			}
			if end < 0 {
				t.Fatalf("a diagnostic does not end")
			}
			var fields map[string]any
			block := strings.Join(lines[1:end], "\n") + "\n"
			if err := yaml.Unmarshal([]byte(block), &fields); err != nil {
				t.Errorf("a diagnostic is not YAML: %v\n%s", err, block)
			}
			lines = lines[end+1:]
		case strings.HasPrefix(line, "    "):
			lines, inner = tapLevel(t, lines, indent+"    ")
			hasInner = true
		default:
			t.Fatalf("not TAP: %q", line)
		}
	}
	if plan != number {
		t.Errorf("planned %d, has %d", plan, number)
	}
	return lines, red
}

func TestSeveralTargets(t *testing.T) {
	all := []*Result{good(t), sample(t), dead(t)}
	if red := tapCheck(t, tapOf(t, all...)); red != 2 {
		t.Errorf("TAP has %d red targets, want 2", red)
	}
	if n := len(parseJUnit(t, all...).Suites); n != 3 {
		t.Errorf("JUnit has %d suites, want 3", n)
	}
	if got := Exit(all...); got != ExitBroken {
		t.Errorf("exit %d", got)
	}
}

// nasty is text that tries to break out of every format.
var nasty = []string{
	"\x00\x01\x1b[2J\x07\x7f", "\u009b31m", "\u202eevil\u2066", "\ufffe\uffff\ufffd", "\xff\xfe\xed\xa0\x80\xc0\x80", "\U000e0041\u2028\u2029\u0085",
	"]]>", "<!-- --> &amp; </failure>", "...\n  ...\n---\n", "ok 1 - forged\nnot ok 2\nBail out!\n1..7", "# TODO # SKIP \\# \\", "a\r\nb\rc\n\n\n",
	"   indented first\n back\n\ttab", "\n\n", " ", "- x: [y\n%z", "'\"`$(id)", strings.Repeat("wide", 200), "日本語 👩‍👩‍👧 é", "key: value\n  - nested",
}

// TestNasty puts such text in every place that a store can reach.
func TestNasty(t *testing.T) {
	for i, s := range nasty {
		for _, status := range contract.Statuses() {
			t.Run(fmt.Sprint(i, status), func(t *testing.T) {
				r := finish(t, nil, contract.Verdict{ID: "get/a", Status: status, Reason: s, Message: s, Observed: s, Calls: []string{s}}, verdictOf("get/b", contract.Pass))
				r.Add(contract.Verdict{ID: "x/" + s, Status: contract.Pass})
				r.Target = Target{Name: "n" + s, Version: s, Spec: s, Runtime: s}
				r.Notes = []string{s}
				r.Finish(contract.Must)
				consistent(t, r)
				r.Broken = &Trouble{Kind: s, Message: s}
				r.Finish(contract.Must)
				consistent(t, r)
				if red := tapCheck(t, tapOf(t, r, r)); red != 2 {
					t.Errorf("%d red targets, want 2", red)
				}
			})
		}
	}
}

// TestJUnitKeepsMessage: what cleaning leaves alone arrives whole.
func TestJUnitKeepsMessage(t *testing.T) {
	message := "wanted: <a> & ]]> \"b\"\n  got: nothing"
	r := finish(t, nil, contract.Verdict{ID: "get/a", Status: contract.Fail, Message: message})
	r.Finish(contract.Must)
	if got := parseJUnit(t, r).Suites[0].Cases[0].Failure.Text; !strings.HasPrefix(got, message) {
		t.Errorf("got %q", got)
	}
}

// TestTAPKeepsMessage: also text that begins with spaces.
func TestTAPKeepsMessage(t *testing.T) {
	message := "   wanted: a\n# not a comment\n\n  got: 'b'"
	r := finish(t, nil, contract.Verdict{ID: "get/a", Status: contract.Pass, Message: message})
	r.Finish(contract.Must)
	_, block, _ := strings.Cut(tapOf(t, r), "  ---\n")
	block, _, _ = strings.Cut(block, "\n  ...")
	var fields map[string]any
	if err := yaml.Unmarshal([]byte(block), &fields); err != nil {
		t.Fatal(err)
	}
	if fields["detail"] != message {
		t.Errorf("got %q, want %q from\n%s", fields["detail"], message, block)
	}
}

func TestPlainIsOneLineEach(t *testing.T) {
	r := sample(t)
	var b strings.Builder
	if err := Plain(&b, r); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for line := range strings.Lines(b.String()) {
		if !strings.HasPrefix(line, "#") {
			ids = append(ids, strings.Fields(line)[1])
		}
	}
	if len(ids) != len(r.Requirements) {
		t.Errorf("%d lines for %d requirements", len(ids), len(r.Requirements))
	}
	for i := range ids {
		if ids[i] != r.Requirements[i].ID {
			t.Errorf("line %d is for %s, want %s", i, ids[i], r.Requirements[i].ID)
		}
	}
}
