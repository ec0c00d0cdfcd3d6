package report

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

var today = time.Date(2027, 6, 30, 23, 59, 59, 0, time.UTC)

func parseKnown(t *testing.T, text string) *Known {
	t.Helper()
	k, err := ParseKnown("known.yaml", []byte(text), today)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestApply has every status with every expectation.
func TestApply(t *testing.T) {
	type row map[contract.Status]contract.Status // where a status changes
	changes := map[string]row{
		"":      {},
		"fail":  {contract.Pass: contract.Fixed, contract.Fail: contract.Known},
		"flaky": {contract.Flaky: contract.Known},
		"skip": { // it ran because the version was not known before
			contract.Pass: contract.Skip, contract.Fail: contract.Skip, contract.Known: contract.Skip, contract.Fixed: contract.Skip, contract.Flaky: contract.Skip, contract.Inconclusive: contract.Skip,
		},
	}
	for expect, row := range changes {
		for _, status := range contract.Statuses() {
			t.Run(expect+"/"+string(status), func(t *testing.T) {
				var k *Known
				if expect != "" {
					k = parseKnown(t, "- {id: get/a, expect: "+expect+", reason: the ticket, link: https://example.org/1}")
				}
				before := contract.Verdict{ID: "get/a", Status: status, Reason: "r", Message: "m", Calls: []string{"c"}}
				got := k.Apply(Target{Name: "s"}, before)
				want, changed := row[status]
				if !changed {
					want = status
				}
				if got.Status != want {
					t.Errorf("got %s, want %s", got.Status, want)
				}
				switch {
				case changed && (want == contract.Known || want == contract.Skip):
					if got.Reason != "the ticket https://example.org/1" {
						t.Errorf("the reason is %q", got.Reason)
					}
				case changed:
					if !strings.Contains(got.Reason, "known.yaml:1") {
						t.Errorf("the reason does not name the entry: %q", got.Reason)
					}
				case expect == "fail" && status == contract.Flaky:
					if !strings.Contains(got.Reason, "write expect: flaky") {
						t.Errorf("the reason does not say what to do: %q", got.Reason)
					}
				case expect == "flaky" && status == contract.Fail:
					if !strings.Contains(got.Reason, "write expect: fail there") {
						t.Errorf("the reason does not say what to do: %q", got.Reason)
					}
				case got.Reason != "r":
					t.Errorf("the reason became %q", got.Reason)
				}
				if got.Message != "m" || len(got.Calls) != 1 {
					t.Errorf("the message or the calls got lost: %+v", got)
				}
				if other := k.Apply(Target{Name: "s"}, contract.Verdict{ID: "get/b", Status: status}); other.Status != status {
					t.Errorf("another requirement became %s", other.Status)
				}
			})
		}
	}
}

// TestHeld: what is expected to be flaky is a known failure only if it holds now and then.
func TestHeld(t *testing.T) {
	k := parseKnown(t, "- {id: get/flaky, store: s, expect: flaky, reason: a race}\n- {id: get/fails, reason: the ticket}\n- {id: property/linearizable, expect: flaky, reason: a race}")
	if got := k.Flaky(); !slices.Equal(got, []string{"get/flaky", "property/linearizable"}) {
		t.Errorf("to be repeated: %q", got)
	}
	for _, c := range []struct {
		id, store string
		before    contract.Verdict
		held      int
		want      contract.Status
	}{
		{"get/flaky", "s", contract.Verdict{Status: contract.Fail}, 0, contract.Fail},
		{"get/flaky", "s", contract.Verdict{Status: contract.Fail}, 1, contract.Known},
		{"get/flaky", "s", contract.Verdict{Status: contract.Fail, WholeRun: true}, 0, contract.Known}, // nobody can repeat it by itself
		{"property/linearizable", "s", contract.Verdict{Status: contract.Fail}, 0, contract.Known},     // random calls meet it or not
		{"get/flaky", "s", contract.Verdict{Status: contract.Pass}, 0, contract.Pass},
		{"get/flaky", "other", contract.Verdict{Status: contract.Fail}, 4, contract.Fail},
		{"get/fails", "s", contract.Verdict{Status: contract.Fail}, 4, contract.Known},
		{"get/other", "s", contract.Verdict{Status: contract.Fail}, 4, contract.Fail},
	} {
		target := Target{Name: c.store}
		c.before.ID = c.id
		if got := k.Apply(target, k.Held(target, c.before, c.held, 4)); got.Status != c.want {
			t.Errorf("%s of %s, which was %s and held %d times: %s, want %s", c.id, c.store, c.before.Status, c.held, got.Status, c.want)
		}
	}
	var none *Known
	if got := none.Held(Target{}, contract.Verdict{Status: contract.Fail}, 4, 4); got.Status != contract.Fail || none.Flaky() != nil {
		t.Error("no file expects something to be flaky")
	}
}

func TestSkip(t *testing.T) {
	k := parseKnown(t, "- {id: get/a, expect: skip, reason: hangs}\n- {id: get/b, reason: fails}\n- {id: get/c, store: other, expect: skip, reason: hangs}")
	for id, want := range map[string]bool{"get/a": true, "get/b": false, "get/c": false, "get/d": false} {
		reason, skip := k.Skip(Target{Name: "s"}, id)
		if skip != want || skip != (reason != "") {
			t.Errorf("%s: %v %q", id, skip, reason)
		}
	}
	var none *Known
	if _, skip := none.Skip(Target{}, "get/a"); skip {
		t.Error("no file skips something")
	}
}

func TestStoreOfEntry(t *testing.T) {
	target := Target{Name: "@scope/some-store", Version: "1.6.8"}
	for pattern, want := range map[string]bool{
		"@scope/some-store":       true,
		"@scope/some-store@1.6.8": true,
		"@scope/some-store@1.*":   true,
		"@scope/some-store@2.*":   false,
		"@scope/some-store@1.6":   false,
		"@scope/*":                true,
		"*":                       true,
		"**":                      true,
		"*some*":                  true,
		"some-store":              false,
		"@scope/some-stor?":       true,
		"@scope/some-store?":      false,
		"@SCOPE/some-store":       false,
		"*@1.?.8":                 true,
		"*x":                      false,
	} {
		k := parseKnown(t, fmt.Sprintf("- {id: get/a, store: %q, reason: r}", pattern))
		got := k.Apply(target, contract.Verdict{ID: "get/a", Status: contract.Fail}).Status == contract.Known
		if got != want {
			t.Errorf("%s: %v", pattern, got)
		}
		if notes := k.Unmatched(Target{Name: "x-store"}, target); (len(notes) == 0) != want {
			t.Errorf("%s: notes %q", pattern, notes)
		}
	}
}

func TestFirstMatchingEntryCounts(t *testing.T) {
	k := parseKnown(t, "- {id: get/a, store: s@1.*, expect: flaky, reason: old}\n- {id: get/a, reason: all others}")
	for version, want := range map[string]contract.Status{"1.0": contract.Pass, "2.0": contract.Fixed} {
		if got := k.Apply(Target{Name: "s", Version: version}, contract.Verdict{ID: "get/a", Status: contract.Pass}).Status; got != want {
			t.Errorf("%s: %s, want %s", version, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	k := parseKnown(t, "- {id: get/a, reason: r}\n- {id: get/typo, reason: r}\n- {id: get/no, reason: r}")
	err := k.Check([]string{"get/a"})
	want := "known.yaml:2: unknown requirement get/typo: see storecheck list\n" +
		"known.yaml:3: unknown requirement get/no: see storecheck list"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if err := k.Check([]string{"get/a", "get/typo", "get/no"}); err != nil {
		t.Error(err)
	}
	var none *Known
	if err := errors.Join(none.Check(nil)); err != nil || none.Unmatched() != nil {
		t.Error("no file has something to say")
	}
}

func TestPlainText(t *testing.T) {
	k, err := ParseKnown("known.txt", []byte("\ufeffget/a # the mark\n\n# first group,\n# two lines\nget/b\n  get/c  # its own\r\nget/d\n#\n# second\nget/e\n\nget/f # last\n"), today)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"get/a fail known.txt:1 the mark",
		"get/b fail known.txt:5 first group, two lines",
		"get/c fail known.txt:6 its own",
		"get/d fail known.txt:7 first group, two lines",
		"get/e fail known.txt:10 second",
		"get/f fail known.txt:12 last",
	}
	var got []string
	for _, e := range k.entries {
		got = append(got, strings.Join([]string{e.ID, e.Expect, e.where, e.Reason}, " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestEmptyFile(t *testing.T) {
	for _, text := range []string{"", "\n\n", "# nothing is known\n", "[]", "---\n[]\n"} {
		k, err := ParseKnown("known.yaml", []byte(text), today)
		if err != nil || len(k.entries) != 0 {
			t.Errorf("%q: %v, %v", text, k, err)
		}
	}
}

func TestUntil(t *testing.T) {
	text := []byte("- id: get/a\n  reason: r\n  until: 2027-06-30\n")
	for now, good := range map[time.Time]bool{
		today:                                  true,
		today.Add(time.Second):                 false,
		today.AddDate(1, 0, 0):                 false,
		today.In(time.FixedZone("", 12*3600)):  true, // the day is a day in UTC
		today.In(time.FixedZone("", -12*3600)): true,
	} {
		if _, err := ParseKnown("known.yaml", text, now); (err == nil) != good {
			t.Errorf("%v: %v", now, err)
		}
	}
}

// TestBadFiles has the messages of each wrong file in one golden file.
func TestBadFiles(t *testing.T) {
	files := []string{
		"- id: get/a\n",
		"- id: get/a\n  reason: '  '\n",
		"- reason: r\n",
		"# c\n- id: get/ok\n  reason: r\n\n- id: Get/Missing\n  reason: r\n- id: get\n  reason: r\n",
		"- id: get/a\n  reason: r\n  expect: pass\n",
		"- id: get/a\n  reason: r\n  until: 30.6.2027\n",
		"- id: get/a\n  reason: r\n  until: 2027-06-29\n",
		"- id: get/a\n  reason: r\n  untill: 2027-06-30\n", //nolint:misspell // on purpose
		"- id: get/a\n  reason: r\n- id: get/a\n  reason: other\n",
		"- id: get/a\n  id: get/b\n  reason: r\n",
		"- get/a\n- get/b\n",
		"id: get/a\nreason: r\n",
		"- id: get/a\n  reason: [r, s]\n",
		"- id: {get/a\n",
		"- id: get/a\n reason: r\n",
		"- id: get/a\n  reason: r\n---\n- id: get/b\n  reason: r\n",
		"- id: *nobody\n  reason: r\n",
		"- null\n",
		"get/a\nget missing\nget/\n",
		"get/a\nget/a\n",
		"get/a\n- id: get/b\n",
		"\x1b[31m\x00\xff",
		"{\"id\": \"get/a\"}",
		"--- FAIL: TestStore/get/missing (0.00s)\n",
		"<html>\n",
		"# why\n\nget/a\n",
		"\ufeff- id: get/a\n",
		"- id: " + strings.Repeat("[", 40) + "\n",
	}
	var b strings.Builder
	for _, text := range files {
		k, err := ParseKnown("known.yaml", []byte(text), today)
		if err == nil {
			t.Errorf("accepted %q: %v", text, k.entries)
			continue
		}
		fmt.Fprintf(&b, "%q\n    %s\n", text, strings.ReplaceAll(err.Error(), "\n", "\n    "))
	}
	if _, err := ParseKnown("known.yaml", make([]byte, MaxKnown+1), today); err == nil {
		t.Error("a huge file is accepted")
	} else {
		fmt.Fprintf(&b, "a huge file\n    %s\n", err)
	}
	golden(t, "known-bad.txt", []byte(b.String()))
}

// FuzzParseKnown: whatever is in the file, there is a list of good entries or an error that says where; never both, never a panic.
func FuzzParseKnown(f *testing.F) {
	for _, seed := range []string{
		"- id: get/a\n  store: s@1.*\n  expect: fail\n  reason: r\n  link: https://example.org\n  until: 2027-06-30\n",
		"# why\nget/a\nget/b # because\n", "- &a {id: get/a, reason: r}\n- *a\n", "- <<: *x\n", "? - a\n", "- id: !!binary aa\n", "---\n...\n", "%YAML 1.2\n", "- id: |\n  x\n", "\ufeff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := ParseKnown("known", data, today)
		if err != nil {
			if k != nil || !strings.HasPrefix(err.Error(), "known:") {
				t.Fatalf("%v with the error %q", k, err)
			}
			return
		}
		for _, e := range k.entries {
			if !idForm.MatchString(e.ID) || strings.TrimSpace(e.Reason) == "" || !strings.HasPrefix(e.where, "known:") {
				t.Fatalf("a bad entry was let through: %+v", e)
			}
			switch v := k.Apply(Target{Name: e.Store}, contract.Verdict{ID: e.ID, Status: contract.Broken}); v.Status {
			case contract.Broken:
			default:
				t.Fatalf("a breakdown became %s", v.Status)
			}
		}
	})
}

// TestDocumentedExample: the file that the documentation of Known shows is one.
func TestDocumentedExample(t *testing.T) {
	source, err := os.ReadFile("known.go")
	if err != nil {
		t.Fatal(err)
	}
	var example strings.Builder
	for line := range strings.Lines(string(source)) {
		if rest, ok := strings.CutPrefix(line, "//   - "); ok {
			example.WriteString("- " + rest)
		} else if rest, ok := strings.CutPrefix(line, "//     "); ok && example.Len() > 0 {
			example.WriteString("  " + rest)
		}
	}
	k := parseKnown(t, example.String())
	if len(k.entries) != 1 || k.entries[0].Until != "2027-06-30" || k.entries[0].Store != "memorystore@1.*" {
		t.Errorf("%+v", k.entries)
	}
}
