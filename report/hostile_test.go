package report_test

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// serviceCommand is a line that a build service takes for a command.
var serviceCommand = regexp.MustCompile(`(?m)^\s*::\pL.*::|##\[|##vso\[`)

func TestCommandsAreDefused(t *testing.T) {
	for _, text := range []string{
		"::error::x", "  ::add-mask::x", "got\n::error file=a::b", "a\r\n\t::set-output name=x::y", "words ::warning::x", "##[add-mask]x", "a ##vso[task.x]y",
		"::debug\n::x", strings.Repeat("word ", 30) + "::error::x",
	} {
		for name, out := range formats(t, text) {
			if found := serviceCommand.FindString(out); found != "" {
				t.Errorf("%s of %q holds %q", name, text, found)
			}
		}
	}
	for _, text := range []string{"connect ECONNREFUSED ::1:6379", "std::vector", "## a heading"} {
		if out := formats(t, text)["pretty"]; !strings.Contains(out, text) {
			t.Errorf("%q is changed in\n%s", text, out)
		}
	}
}

// FuzzHostileText gives every text that comes from a store. No format lets it write an escape sequence, a command for a build service, or the
// structure of the format.
func FuzzHostileText(f *testing.F) {
	for _, text := range []string{
		"\x1b[31m", "::error::x", "ok 2 - more\nnot ok 3", "  ...\n---\nok 9", "]]>", "<testcase/>", "\u202e", "# SKIP", "\n# TODO\n", "1..9", "Bail out!",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, out := range formats(t, text) {
			for _, r := range out {
				if r != '\n' && !unicode.IsPrint(r) {
					t.Errorf("%s holds %q", name, r)
				}
			}
			if found := serviceCommand.FindString(out); found != "" {
				t.Errorf("%s holds the command %q", name, found)
			}
			switch name {
			case "tap":
				points := 0
				for scanner := bufio.NewScanner(strings.NewReader(out)); scanner.Scan(); {
					line := scanner.Text()
					if strings.HasPrefix(line, "ok ") || strings.HasPrefix(line, "not ok ") {
						points++
					}
					if strings.HasPrefix(line, "Bail out!") {
						t.Error("tap bails out")
					}
				}
				if points != 4 {
					t.Errorf("tap has %d points", points)
				}
			case "junit":
				cases := 0
				for d := xml.NewDecoder(strings.NewReader(out)); ; {
					token, err := d.Token()
					if token == nil {
						break
					} else if err != nil {
						t.Fatal(err)
					}
					if start, ok := token.(xml.StartElement); ok && start.Name.Local == "testcase" {
						cases++
					}
				}
				if cases != 4 {
					t.Errorf("junit has %d cases", cases)
				}
			}
		}
	})
}

// formats writes a result with a text in every place that a store can fill.
func formats(t *testing.T, text string) map[string]string {
	t.Helper()
	r := report.New([]*contract.Requirement{contract.GetMissing, contract.SetReplaces, contract.GetAfterSet})
	r.Target = report.Target{Name: "x" + text, Version: text, Spec: "exec:" + text, Runtime: text, Command: "storecheck run " + report.ShellQuote("exec:"+text)}
	r.Add(contract.Verdict{ID: contract.GetMissing.ID, Status: contract.Fail, Message: "got\n" + text, Calls: []string{text}})
	r.Add(contract.Verdict{ID: contract.SetReplaces.ID, Status: contract.Skip, Reason: "x" + text})
	r.Add(contract.Verdict{ID: contract.GetAfterSet.ID, Status: contract.Pass, Observed: text})
	r.Notes = []string{text}
	r.Broken = &report.Trouble{Kind: "died", Message: text}
	r.Finish(contract.Must)
	outs := map[string]string{}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"pretty": func(b *bytes.Buffer) error { return report.Pretty(b, r, report.Style{Width: 80, Verbose: true}) },
		"plain":  func(b *bytes.Buffer) error { return report.Plain(b, r) },
		"tap":    func(b *bytes.Buffer) error { return report.TAP(b, r) },
		"junit":  func(b *bytes.Buffer) error { return report.JUnit(b, r) },
		"summary": func(b *bytes.Buffer) error {
			return report.Summary(b, []*report.Result{r, r}, report.Style{Width: 80})
		},
		"markdown": func(b *bytes.Buffer) error { return report.MarkdownMatrix(b, []*report.Result{r, r}, nil) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		outs[name] = b.String()
	}
	return outs
}
