package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

// JUnit writes JUnit XML: a suite for each target, a case for each requirement with the chapter as its class.
//
// A case that makes the exit status 1 is a failure; one that makes it 3 or 4 is an error. A known failure, and a failure that does not count, is a
// skipped case with the reason: a job that exits 0 shows no red, and no such case seems to pass. What failed and does not count is named in a
// property of the suite too, and the output of the suite is the first screen of the report, because many readers hide skipped cases.
func JUnit(w io.Writer, results ...*Result) error {
	doc := junitSuites{Name: "storecheck"}
	total := 0.0
	for _, r := range results {
		suite := junitSuite{Name: oneLine(r.Target.String()), Time: formatSeconds(r.Seconds), Timestamp: r.Started.UTC().Format(time.RFC3339)}
		for _, p := range []junitProperty{
			{"spec", r.Target.Spec},
			{"runtime", r.Target.Runtime},
			{"contract", r.Contract},
			{"profile", r.ProfileName()},
			{"storecheck", r.Storecheck},
			{"seed", fmt.Sprint(r.Seed)},
			{"time", r.Time},
			{"level", r.Level.String()},
			{"verdict", string(r.Verdict)},
			{"failed, does not count", r.uncountedIDs()},
			{"factory", r.Target.longFactory()},
		} {
			if p.Value != "" || p.Name == "runtime" {
				suite.Properties = append(suite.Properties, junitProperty{p.Name, oneLine(p.Value)})
			}
		}
		if first := firstScreen(r); first != "" {
			suite.Out = &junitOut{first}
		}
		for _, c := range r.cases() {
			suite.add(c)
		}
		doc.Tests += suite.Tests
		doc.Failures += suite.Failures
		doc.Errors += suite.Errors
		doc.Skipped += suite.Skipped
		total += r.Seconds
		doc.Suites = append(doc.Suites, suite)
	}
	doc.Time = formatSeconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(c testCase) {
	j := junitCase{Class: c.group, Name: c.name, Time: formatSeconds(c.seconds)}
	result := &junitResult{Message: c.reason, Type: string(c.status), Text: c.detail}
	s.Tests++
	switch {
	case c.red && (c.status == contract.Fail || c.status == contract.Fixed):
		j.Failure = result
		s.Failures++
	case c.red:
		j.Error = result
		s.Errors++
	case c.excused, c.status == contract.Skip:
		j.Skipped = &junitSkipped{c.reason}
		s.Skipped++
	}
	if !c.red && c.detail != "" {
		j.Out = &junitOut{c.detail}
	}
	s.Cases = append(s.Cases, j)
}

// uncountedIDs names the failures that do not count.
func (r *Result) uncountedIDs() string {
	var ids []string
	for i := range r.Requirements {
		if q := &r.Requirements[i]; q.Status == contract.Fail && !r.counts(q) {
			ids = append(ids, q.ID+" ("+q.Level.String()+")")
		}
	}
	return strings.Join(ids, ", ")
}

// formatSeconds writes no exponent: some readers do not understand one.
func formatSeconds(seconds float64) string { return fmt.Sprintf("%.6f", seconds) }

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Out        *junitOut       `xml:"system-out"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitResult  `xml:"failure"`
	Error   *junitResult  `xml:"error"`
	Skipped *junitSkipped `xml:"skipped"`
	Out     *junitOut     `xml:"system-out"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",cdata"`
}

type junitOut struct {
	Text string `xml:",cdata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}
