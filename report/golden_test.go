package report

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

var update = flag.Bool("update", false, "write the golden files")

// finish runs verdicts through a result as a caller would. Each requirement is planned at the level that levels gives, or as a Must.
func finish(t *testing.T, levels map[string]contract.Level, verdicts ...contract.Verdict) *Result {
	t.Helper()
	var planned []*contract.Requirement
	for _, v := range verdicts {
		level := levels[v.ID]
		if level == 0 {
			level = contract.Must
		}
		planned = append(planned, &contract.Requirement{ID: v.ID, Level: level, Title: "title of " + v.ID})
	}
	r := New(planned)
	r.Contract, r.Storecheck, r.Seed, r.Seconds = "1.0.0", "0.1.0", 42, 3.14159
	r.Started = time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	r.Target = Target{Name: "some-store", Version: "1.6.8", Spec: "npm:some-store@1.6.8", Runtime: "node 20.20.2"}
	for _, v := range verdicts {
		r.Add(v)
	}
	return r
}

// sample has every status, every level, and a store that tries to draw on the terminal.
func sample(t *testing.T) *Result {
	r := finish(
		t,
		map[string]contract.Level{"get/slow": contract.Should, "touch/cheap": contract.Should, "all/order": contract.May, "all/late": contract.Should},
		contract.Verdict{
			ID: "get/missing", Status: contract.Fail, Duration: 2 * time.Millisecond, Calls: []string{`get("nobody")`},
			Message: "get/missing  a missing session is null, undefined or ENOENT\n\ndid:    get(\"nobody\")\nwanted: no session\ngot:    {\"cookie\":{\"path\":\"/\"},\"evil\":\"\x1b[2J\x1b]0;owned\x07\u202e\xff\xed\xa0\x80 and a tail that is long enough to be wrapped\"}",
		},
		contract.Verdict{ID: "get/round-trip", Status: contract.Pass, Duration: 1234567},
		contract.Verdict{ID: "get/slow", Status: contract.Fail, Message: "answers in 4 s\n...\nnot ok 99 - forged"},
		contract.Verdict{ID: "touch/exists", Status: contract.Skip, Reason: "the store has no touch method"},
		contract.Verdict{ID: "touch/cheap", Status: contract.Skip, Reason: "the store has no touch method"},
		contract.Verdict{ID: "touch/race", Status: contract.Skip, Reason: "two instances need not # see each other's sessions"},
		contract.Verdict{ID: "set/known", Status: contract.Known, Reason: "drops fields https://example.org/1", Message: "field a is gone"},
		contract.Verdict{ID: "set/fixed", Status: contract.Fixed, Reason: "it holds, but known.yaml:3 expects it to fail (was broken): remove the entry"},
		contract.Verdict{ID: "expiry/flaky", Status: contract.Flaky, Reason: "held in 2 of 3 attempts", Message: "came 3 ms late"},
		contract.Verdict{ID: "expiry/past", Status: contract.Inconclusive, Reason: "looked 12 ms too late, three times"},
		contract.Verdict{ID: "all/order", Status: contract.Pass, Observed: "in the order of writing"},
		contract.Verdict{ID: "all/late", Status: contract.Flaky, Reason: "held in 1 of 2 attempts"},
		contract.Verdict{ID: "all/gone", Status: contract.Broken, Reason: "the process died:\n\x1b[31mSegmentation fault"},
	)
	r.Target.Spec = "exec:./it's a store"
	r.Capabilities = map[string]bool{"touch": false, "all": true}
	r.Requirements[2].Again = "storecheck run 'exec:./it'\\''s a  store' --skip property"
	r.Notes = []string{"the store wrote 3 lines to standard error"}
	r.Finish(contract.Must)
	return r
}

// good has nothing to complain about that counts.
func good(t *testing.T) *Result {
	r := finish(
		t,
		map[string]contract.Level{"get/slow": contract.Should},
		contract.Verdict{ID: "get/missing", Status: contract.Pass},
		contract.Verdict{ID: "get/slow", Status: contract.Fail, Message: "answers in 4 s"},
	)
	r.Target = Target{Name: "memory", Spec: "memory", Runtime: "go1.26"}
	r.Finish(0)
	return r
}

// dead is a target that never answered.
func dead(t *testing.T) *Result {
	r := finish(t, nil, contract.Verdict{ID: "get/missing", Status: contract.Pass})
	r.Requirements[0].Status = ""
	r.Target = Target{Name: "dead", Spec: "./dead.js"}
	r.Broken = &Trouble{Kind: "died", Message: "the process ended with exit status 1 before its first answer\nits last words: \x1b[31mError: no such module"}
	r.Finish(contract.Should)
	return r
}

func TestGolden(t *testing.T) {
	one := func(write func(io.Writer, *Result) error) func(io.Writer) error {
		return func(w io.Writer) error { return write(w, sample(t)) }
	}
	pretty := func(s Style) func(io.Writer, *Result) error {
		return func(w io.Writer, r *Result) error { return Pretty(w, r, s) }
	}
	all := []*Result{good(t), sample(t), dead(t)}
	for name, write := range map[string]func(io.Writer) error{
		"pretty.txt":         one(pretty(Style{Width: 80})),
		"pretty-verbose.txt": one(pretty(Style{Verbose: true})),
		"pretty-color.txt":   one(pretty(Style{Width: 60, Color: true})),
		"pretty-ascii.txt":   one(pretty(Style{Width: 100, ASCII: true})),
		"pretty-good.txt":    func(w io.Writer) error { return Pretty(w, good(t), Style{}) },
		"pretty-dead.txt":    func(w io.Writer) error { return Pretty(w, dead(t), Style{Width: 80}) },
		"plain.txt":          one(Plain),
		"plain-dead.txt":     func(w io.Writer) error { return Plain(w, dead(t)) },
		"result.json":        one(func(w io.Writer, r *Result) error { return r.Write(w) }),
		"summary.txt":        func(w io.Writer) error { return Summary(w, all, Style{Width: 80}) },
		"summary-ascii.txt":  func(w io.Writer) error { return Summary(w, all, Style{ASCII: true}) },
		"junit.xml":          func(w io.Writer) error { return JUnit(w, all...) },
		"one.tap":            one(func(w io.Writer, r *Result) error { return TAP(w, r) }),
		"several.tap":        func(w io.Writer) error { return TAP(w, all...) },
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

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run go test -update and look at what it writes", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs: run go test -update and look at the difference\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}
