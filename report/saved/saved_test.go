package saved_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/saved"
	"github.com/storecheck/storecheck/spec/contract"
)

const recorded = "../testdata/results/"

// resultOf is a small result of a store of the catalogue.
func resultOf(store string, change func(*report.Result)) *report.Result {
	r := report.New([]*contract.Requirement{contract.GetMissing})
	r.Storecheck, r.Started = "0.1.0", time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	r.Target = report.Target{Name: store, Spec: "npm:" + store}
	r.Store = &report.Store{Recipe: store, Package: store, Version: "1.0.0"}
	r.Add(contract.Verdict{ID: contract.GetMissing.ID, Status: contract.Pass})
	if change != nil {
		change(r)
	}
	r.Finish(contract.Must)
	return r
}

// write writes results into one file, and returns its path.
func write(t *testing.T, path string, results ...*report.Result) string {
	t.Helper()
	var b bytes.Buffer
	err := results[0].Write(&b)
	if len(results) > 1 {
		b.Reset()
		err = report.WriteAll(&b, results)
	}
	if err != nil {
		t.Fatal(err)
	}
	text(t, path, b.String())
	return path
}

func text(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLoad(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "good/b.json", resultOf("b", nil))
	write(t, "good/a.json", resultOf("a", nil))
	text(t, "good/.hidden.json", "half of a")
	text(t, "good/log.txt", "not a result")
	write(t, "several.json", resultOf("c", nil), resultOf("d", nil))
	text(t, "bad/cut.json", `{"schema": 1, "tar`)
	text(t, "bad/later.json", `{"schema": 2}`)
	text(t, "bad/later-several.json", `{"schema": 2, "results": [{}]}`)
	text(t, "bad/one-of-two.json", `{"schema": 1, "results": [{"schema": 1}, {}]}`)
	text(t, "bad/deep.json", `{"schema": 1, "results": [`+strings.Repeat("[", 3000))
	write(t, "bad/good.json", resultOf("e", nil))
	text(t, "empty/readme.txt", "")
	if err := os.MkdirAll("strange/folder.json", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		paths []string
		ids   string
		errs  []string
	}{
		{"a folder", []string{"good"}, "a@1.0.0 b@1.0.0", nil},
		{"files", []string{"good/b.json", "good/a.json"}, "b@1.0.0 a@1.0.0", nil},
		{"a document of several", []string{"several.json"}, "c@1.0.0 d@1.0.0", nil},
		{"a file and a folder", []string{"several.json", "good"}, "c@1.0.0 d@1.0.0 a@1.0.0 b@1.0.0", nil},
		{"damaged files", []string{"bad"}, "e@1.0.0", []string{
			"bad/cut.json: not a result of storecheck: unexpected end of JSON input",
			"bad/deep.json: cannot read the result: too large: more than 2000 lists and objects in one another",
			"bad/later-several.json: the result has schema version 2 and this storecheck reads 1; use the storecheck that wrote it, or run the check again",
			"bad/later.json: the result has schema version 2 and this storecheck reads 1; use the storecheck that wrote it, or run the check again",
			"bad/one-of-two.json (result 1): the result is damaged: it does not say which level counted",
			"bad/one-of-two.json (result 2): not a result of storecheck: it has no schema version",
		}},
		{"nothing there", []string{"none", "good/a.json"}, "a@1.0.0", []string{"none: there is no such file or folder"}},
		{"an empty folder", []string{"empty"}, "", []string{"empty: no result in this folder: it holds no .json file; storecheck run --json empty/ writes some"}},
		{"no file", []string{"strange"}, "", []string{"strange/folder.json: not a file"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			results, err := saved.Load(c.paths...)
			got := ""
			if err != nil {
				got = filepath.ToSlash(err.Error())
			}
			if want := strings.Join(c.errs, "\n"); got != want {
				t.Errorf("got the error\n%s\nwant\n%s", got, want)
			}
			if ids := strings.Join(idsOf(results), " "); ids != c.ids {
				t.Errorf("got %q, want %q", ids, c.ids)
			}
		})
	}
}

func idsOf(results []saved.Result) []string {
	var ids []string
	for _, r := range results {
		ids = append(ids, r.ID())
	}
	return ids
}

func TestOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	other := func(r *report.Result) { r.Store.Options = map[string]string{"database": "mariadb"} }
	write(t, "all/a.json", resultOf("a", nil))
	write(t, "all/b.json", resultOf("a", other))
	write(t, "all/c.json", resultOf("b", nil))
	results, err := saved.Load("all")
	if err == nil {
		err = saved.Once(results)
	}
	if err != nil {
		t.Fatal(err)
	}
	again := write(t, "again.json", resultOf("a", nil))
	results, err = saved.Load("all", again)
	if err != nil {
		t.Fatal(err)
	}
	err = saved.Once(results)
	want := "all/a.json and again.json are both of a@1.0.0; storecheck diff compares two results of a store, storecheck report merge keeps one"
	if err == nil || filepath.ToSlash(err.Error()) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// The table of a README is one line away.
func TestHead(t *testing.T) {
	got, err := saved.Head(recorded + "new")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../testdata/head.md.golden")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, folder := range []string{"no/such/folder", ".."} {
		if got, err := saved.Head(folder); err == nil {
			t.Errorf("%s has a head:\n%s", folder, got)
		}
	}
}
