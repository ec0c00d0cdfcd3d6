package saved_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/saved"
)

func later(r *report.Result) { r.Started = r.Started.Add(time.Hour) }

func broke(r *report.Result) { r.Broken = &report.Trouble{Message: "no server"} }

func TestMerge(t *testing.T) {
	both := func(changes ...func(*report.Result)) func(*report.Result) {
		return func(r *report.Result) {
			for _, change := range changes {
				change(r)
			}
		}
	}
	contractOf := func(version string) func(*report.Result) {
		return func(r *report.Result) { r.Contract = version }
	}
	option := func(r *report.Result) { r.Store.Options = map[string]string{"database": "mariadb"} }
	for _, c := range []struct {
		name string
		a, b func(*report.Result)
		want string // the files that are taken, and why, or the error
	}{
		{"the same", nil, nil, "a.json"},
		{"two stores", nil, option, "a.json b.json"},
		{"newer", nil, later, "b.json: it is newer"},
		{"older", later, nil, "a.json: it is newer"},
		{"a newer run that broke", nil, both(later, broke), "a.json: the run of the other broke"},
		{"an older run that broke", broke, later, "b.json: the run of the other broke"},
		{"both broke", broke, both(broke, later), "b.json: it is newer"},
		{"an older run of a later contract", both(later, contractOf("1.9.0")), contractOf("1.10.0"), "b.json: it is of the later contract"},
		{"a later contract that broke", contractOf("1.0.0"), both(broke, contractOf("2.0.0")), "b.json: it is of the later contract"},
		{
			"at the same time", nil, func(r *report.Result) { r.Seed = 7 },
			"a.json and b.json are both of x@1.0.0 and started at the same time, but differ; keep one",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			results, err := saved.Load(write(t, "a.json", resultOf("x", c.a)), write(t, "b.json", resultOf("x", c.b)))
			if err != nil {
				t.Fatal(err)
			}
			merged, choices, err := saved.Merge(results)
			var files []string
			for _, r := range merged {
				files = append(files, r.File)
			}
			got := strings.Join(files, " ")
			for _, choice := range choices {
				got += ": " + choice.Why
				if choice.Took.File != files[0] || choice.Left.File == choice.Took.File {
					t.Errorf("took %s and left %s", choice.Took.File, choice.Left.File)
				}
			}
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// What is written is what stood in the files, and can be merged and read again.
func TestWrite(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "one/same.json", resultOf("a", nil))
	write(t, "two/SAME.json", resultOf("b", nil))
	write(t, "two/c.json", resultOf("c", nil), resultOf("d", nil))
	results, err := saved.Load("one", "two")
	if err != nil {
		t.Fatal(err)
	}
	if err := saved.Write("out/of/here", results); err != nil {
		t.Fatal(err)
	}
	again, err := saved.Load("out/of/here")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, r := range again {
		texts[r.ID()] = string(r.Text)
	}
	for _, r := range results {
		if texts[r.ID()] != string(r.Text) {
			t.Errorf("%s: the text has changed", r.ID())
		}
	}
	files, err := filepath.Glob("out/of/here/*")
	if err != nil || len(files) != len(results) || len(again) != len(results) {
		t.Errorf("got the files %q, %v", files, err)
	}
	if rest, err := filepath.Glob("out/of/.*"); err != nil || len(rest) > 0 {
		t.Errorf("%q is left, %v", rest, err)
	}

	// An empty folder is taken, one with anything in it is not.
	if err := os.Mkdir("empty", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := saved.Write("empty", results); err != nil {
		t.Error(err)
	}
	if err := saved.Write("one", results); err == nil || !strings.Contains(err.Error(), "one: there is something in this folder") {
		t.Errorf("got %v", err)
	}
	if err := saved.Write("one/same.json", results); err == nil {
		t.Error("a file became a folder")
	}
	if got, err := saved.Load("one"); err != nil || len(got) != 1 {
		t.Errorf("the input has changed: %v", err)
	}
}
