package report

import (
	"strings"
	"testing"

	"github.com/storecheck/storecheck/spec/contract"
)

// ran is a result of a store with the given statuses; a text after the status is the reason.
func ran(store string, statuses map[string]string) *Result {
	r := &Result{Level: contract.Must, Target: Target{Name: store, Version: "1.0.0"}}
	for _, id := range []string{"get/a", "get/b", "get/c", "set/a", "set/should"} {
		status, reason, _ := strings.Cut(statuses[id], " ")
		q := Requirement{ID: id, Level: contract.Must, Title: "the title of " + id, Status: contract.Pass, Reason: reason}
		if status != "" {
			q.Status = contract.Status(status)
		}
		if id == "set/should" {
			q.Level = contract.Should
		}
		r.Requirements = append(r.Requirements, q)
	}
	return r
}

func TestUpdate(t *testing.T) {
	one := func(statuses ...string) []*Result {
		m := map[string]string{}
		for _, s := range statuses {
			id, status, _ := strings.Cut(s, " ")
			m[id] = status
		}
		return []*Result{ran("s", m)}
	}
	for name, c := range map[string]struct {
		file, before, after string
		results             []*Result
		reason              string
		changes             string
		missing, unasked    int
	}{
		"a new file": {
			"known.yaml", "",
			"# What is known to fail, and why. storecheck known --update brings this list up to date.\n" +
				"- id: get/b\n  reason: # FILL IN why it may fail. It is required that: the title of get/b\n" +
				"- id: set/a\n  expect: flaky\n  reason: # FILL IN why it may fail. It is required that: the title of set/a\n",
			one("get/b fail", "set/a flaky", "set/should fail"), "", "added get/b, added set/a", 2, 0,
		},
		"a reason for all": {
			"known.yaml", "# mine\n", "# mine\n- id: get/b\n  reason: 'no: not yet'\n", one("get/b fail"), "no: not yet", "added get/b", 0, 0,
		},
		"nothing new": {"known.yaml", "- id: get/b\n  reason: r\n", "- id: get/b\n  reason: r\n", one("get/b known"), "", "", 0, 0},
		"repaired": {
			"known.yaml",
			"# head\n\n# above b\n- id: get/b # here\n  reason: |\n    two\n    lines\n  link: https://example.org/1\n\n# above c\n- id: get/c\n  reason: c   # kept\n",
			"# head\n\n# above b\n\n# above c\n- id: get/c\n  reason: c   # kept\n",
			one("get/b fixed", "get/c fail"), "", "removed get/b", 0, 0,
		},
		"repaired, in a run without the file": {"known.yaml", "- {id: get/b, reason: b}\n- {id: get/c, reason: c}\n", "- {id: get/c, reason: c}\n", one("get/c fail"), "", "removed get/b", 0, 0},
		"all repaired":                        {"known.yaml", "# head\n- id: get/b\n  reason: b\n", "# head\n", one(), "", "removed get/b", 0, 0},
		"not asked": {
			"known.yaml", "- id: get/b\n  reason: b\n- id: get/c\n  store: other\n  reason: c\n- id: get/a\n  expect: skip\n  reason: a\n",
			"- id: get/b\n  reason: b\n- id: get/c\n  store: other\n  reason: c\n- id: get/a\n  expect: skip\n  reason: a\n",
			one("get/b inconclusive", "get/a skip"), "", "", 0, 3,
		},
		"flaky that held": {"known.yaml", "- id: get/b\n  expect: flaky\n  reason: b\n", "- id: get/b\n  expect: flaky\n  reason: b\n", one(), "", "", 0, 0},
		"turned out flaky": {
			"known.yaml", "-   id: get/b\n    reason: b\n- id: get/c\n  reason: c\n", "-   id: get/b\n    expect: flaky\n    reason: b\n- id: get/c\n  reason: c\n",
			one("get/b flaky", "get/c known"), "", "changed get/b", 0, 0,
		},
		"turned out steady": {
			"known.yaml", "- id: get/b\n  expect: flaky # sometimes\n  reason: b", "- id: get/b\n  expect: fail # sometimes\n  reason: b",
			one("get/b fail " + everyTime), "", "", 0, 0,
		},
		"without a reason yet": {"known.yaml", "- id: get/b\n  reason: # FILL IN\n", "- id: get/b\n  reason: # FILL IN\n", one("get/b known"), "", "", 1, 0},
		"stores that differ": {
			"known.yaml", "- id: get/b\n  reason: b\n", "- id: get/b\n  reason: b\n- id: get/c\n  store: '@a/t'\n  reason: new\n",
			[]*Result{ran("s", nil), ran("@a/t", map[string]string{"get/b": "known", "get/c": "fail"})},
			"new", "unclear get/b, added get/c", 0, 0,
		},
		"plain text": {
			"known.txt", "# the old driver\nget/a\nget/b\n", "# the old driver\nget/a\n\nget/c #\n", one("get/a known", "get/c fail"), "", "removed get/b, added get/c", 1, 0,
		},
		"plain text, with a reason": {"known.txt", "", "# What is known to fail, and why. storecheck known --update brings this list up to date.\n\nget/c # new\n", one("get/c fail"), "new", "added get/c", 0, 0},
		"CRLF":                      {"known.yaml", "- id: get/a\r\n  reason: a\r\n", "- id: get/a\r\n  reason: a\r\n- id: get/b\r\n  reason: new\r\n", one("get/a known", "get/b fail"), "new", "added get/b", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := ReadKnownFile(c.file, []byte(c.before))
			if err != nil {
				t.Fatal(err)
			}
			if name == "turned out steady" {
				c.results[0].Requirements[1].Status, c.results[0].Requirements[1].Reason = contract.Fail, everyTime+", but"
				c.changes = "changed get/b"
			}
			u, err := f.Update(c.results, c.reason)
			if err != nil {
				t.Fatal(err)
			}
			if string(u.Text) != c.after {
				t.Errorf("got:\n%s\nwant:\n%s", u.Text, c.after)
			}
			var changes []string
			for _, change := range u.Changes {
				changes = append(changes, change.Did+" "+change.ID)
				if change.Text == "" {
					t.Errorf("%+v", change)
				}
			}
			if got := strings.Join(changes, ", "); got != c.changes || u.Missing != c.missing || u.Unasked != c.unasked {
				t.Errorf("%q, %d without a reason, %d not asked", got, u.Missing, u.Unasked)
			}
			// The file is refused until the reasons are there, and no other way.
			_, err = ParseKnown(c.file, u.Text, today)
			if (err != nil) != (c.missing > 0) || err != nil && strings.Count(err.Error(), "needs a reason") != c.missing {
				t.Errorf("the new file: %v", err)
			}
			again, err := ReadKnownFile(c.file, u.Text)
			if err != nil {
				t.Fatal(err)
			}
			if second, err := again.Update(c.results, c.reason); err != nil || string(second.Text) != string(u.Text) {
				t.Errorf("a second update changes it: %v\n%s", err, second.Text)
			}
		})
	}
}

// TestUpdateReads: what an update cannot keep as it is, it refuses.
func TestUpdateReads(t *testing.T) {
	for text, want := range map[string]string{
		"[{id: get/a, reason: a}, {id: get/b, reason: b}]": "begin each entry on a line of its own",
		"- id: getting\n  reason: a":                       "is not a requirement's id",
		"- id: get/a\n  raeson: a":                         "raeson",
		"id: get/a":                                        "is a list",
	} {
		if _, err := ReadKnownFile("known.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestUpdateOfBroken: a run that broke changes nothing.
func TestUpdateOfBroken(t *testing.T) {
	r := ran("s", map[string]string{"get/b": "fail"})
	r.Broken = &Trouble{Message: "died"}
	const text = "- id: get/a\n  reason: a\n"
	f, err := ReadKnownFile("known.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if u, err := f.Update([]*Result{r}, ""); err != nil || string(u.Text) != text || len(u.Changes) > 0 {
		t.Errorf("%v: %s%v", err, u.Text, u.Changes)
	}
}

func FuzzUpdate(f *testing.F) {
	f.Add("- id: get/a\n  reason: a\n# c\n- id: get/b\n  expect: flaky\n")
	f.Add("# c\nget/a # why\nget/b\n")
	f.Add("-\n  id: get/a\n  reason: >\n    a\n\n    # b\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := ReadKnownFile("known.yaml", []byte(text))
		if err != nil {
			return
		}
		before := len(file.entries)
		u, err := file.Update([]*Result{ran("s", map[string]string{"get/a": "known", "get/b": "flaky", "get/c": "fail", "set/a": "fixed"})}, "new")
		if err != nil {
			return // nothing is written
		}
		after, err := ReadKnownFile("known.yaml", u.Text)
		if err != nil {
			t.Fatalf("%q became %q: %v", text, u.Text, err)
		}
		want := before
		for _, c := range u.Changes {
			switch c.Did {
			case "added":
				want++
			case "removed":
				want--
			}
		}
		if len(after.entries) != want {
			t.Errorf("%q became %q: %d entries, want %d", text, u.Text, len(after.entries), want)
		}
	})
}
