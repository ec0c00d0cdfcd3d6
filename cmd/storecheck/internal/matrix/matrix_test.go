package matrix

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

func TestFileName(t *testing.T) {
	for id, want := range map[string]string{
		"connect-redis@9.0.0":                             "connect-redis@9.0.0.json",
		"connect-session-knex@5.0.0 database=postgresql":  "connect-session-knex@5.0.0+database=postgresql.json",
		"@quixo3/prisma-session-store@3.1.13":             "@quixo3+prisma-session-store@3.1.13.json",
		"store@1.0.0 a=1 b=2":                             "store@1.0.0+a=1+b=2.json",
		"store@1.0.0 dir=/var/Data":                       "store@1.0.0+dir=+var+data+6a6c9a226cef5a67.json",
		"store@1.0.0 text=" + strings.Repeat("long", 100): "store@1.0.0+text=longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglon+e72bd888d230ddfa.json",
	} {
		if got := FileName(id); got != want {
			t.Errorf("%.60q has the file %s, want %s", id, got, want)
		}
	}
}

// Stores whose names differ little have files that differ for every file system.
func TestFileNamesDiffer(t *testing.T) {
	owner := map[string]string{}
	for _, id := range []string{
		"a@1.0.0", "A@1.0.0", "a@1.0.0 b=c", "a@1.0.0 b=C", "a@1.0.0 b=c d=e", "a@1.0.0 b=c+d=e", "a@1.0.0 b=c/d=e", "a@1.0.0 b=c/d", "a@1.0.0 b=c d",
		"@a/b-c@1.0.0", "@a-b/c@1.0.0", "@a/b/c@1.0.0", "@a+b@1.0.0", "a/b@1.0.0", "a+b@1.0.0", "a@1.0.0-b=c", "a@1.0.0 b=é", "a@1.0.0 b=e\u0301", "a@1.0.0 b=",
		"a@1.0.0 b=" + strings.Repeat("x", 300), "a@1.0.0 b=" + strings.Repeat("x", 301), strings.TrimSuffix(FileName("a@1.0.0 b=C"), extension),
	} {
		name := FileName(id)
		if other, taken := owner[strings.ToLower(name)]; taken {
			t.Errorf("%q and %q both have the file %s", other, id, name)
		}
		owner[strings.ToLower(name)] = id
		if len(name) > 220 || strings.ContainsAny(name, `/\:*?"<>| `) {
			t.Errorf("%q is a bad file name for %q", name, id)
		}
	}
}

func TestShardReads(t *testing.T) {
	for text, want := range map[string]string{
		"1/1": "", "2/4": "", "4/4": "",
		"3/2": "there is no shard 3 of 2", "0/2": "there is no shard 0 of 2", "-1/2": "there is no shard", "1/0": "there is no shard",
		"": "use I/N", "1": "use I/N", "1/2/3": "use I/N", "1/2x": "use I/N", "1 /2": "use I/N", "one/two": "use I/N",
	} {
		var s Shard
		err := s.Set(text)
		if got := fmt.Sprint(err); (err == nil) != (want == "") || !strings.Contains(got, want) || err == nil && s.String() != text {
			t.Errorf("%q: got %s and shard %q, want %q", text, got, s.String(), want)
		}
	}
}

// Every store is in one shard. The shards are as even as the longest store allows, and the order of the stores changes nothing.
func TestShare(t *testing.T) {
	var ids []string
	known := Durations{}
	for i := range 41 {
		id := fmt.Sprintf("store-%02d@1.0.0", i)
		ids = append(ids, id)
		if i%4 > 0 {
			known[id] = time.Duration(1+i*i%23) * time.Second
		}
	}
	backwards := slices.Clone(ids)
	slices.Reverse(backwards)
	for _, d := range []Durations{nil, known} {
		for of := 1; of <= 6; of++ {
			var all []string
			var loads []time.Duration
			for i := 1; i <= of; i++ {
				mine := Shard{i, of}.Share(ids, d)
				var load time.Duration
				for _, id := range mine {
					load += max(d.Of(id), time.Second)
				}
				all, loads = append(all, mine...), append(loads, load)
				again := Shard{i, of}.Share(backwards, d)
				slices.Reverse(again)
				if !slices.Equal(mine, again) {
					t.Errorf("shard %d/%d is %v or %v", i, of, mine, again)
				}
			}
			slices.Sort(all)
			if !slices.Equal(all, ids) {
				t.Errorf("%d shards have %v", of, all)
			}
			if uneven := slices.Max(loads) - slices.Min(loads); uneven > 23*time.Second/2 {
				t.Errorf("%d shards take %v", of, loads)
			}
		}
	}
	if got := (Shard{}).Share(ids, known); !slices.Equal(got, ids) {
		t.Errorf("without shards %v", got)
	}
	if got := (Shard{5, 5}).Share(ids[:3], nil); len(got) > 0 {
		t.Errorf("the fifth shard of three stores has %v", got)
	}
}

func TestLongestFirst(t *testing.T) {
	d := Durations{"a": 2 * time.Second, "b": 9 * time.Second, "c": 4 * time.Second}
	ids := []string{"a", "new", "b", "also-new", "c"}
	d.LongestFirst(ids) // the new ones count as 5 s, the mean
	if want := []string{"b", "also-new", "new", "c", "a"}; !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}

func TestLeft(t *testing.T) {
	const s = time.Second
	for _, c := range []struct {
		running, waiting []time.Duration
		parallel         int
		want             time.Duration
	}{
		{nil, nil, 2, 0},
		{[]time.Duration{3 * s, 5 * s}, nil, 2, 5 * s},
		{[]time.Duration{3 * s, 5 * s}, []time.Duration{4 * s, 1 * s}, 2, 7 * s},
		{nil, []time.Duration{3 * s, 2 * s, 1 * s}, 1, 6 * s},
		{[]time.Duration{s}, []time.Duration{s}, 4, s},
	} {
		if got := Left(c.running, c.waiting, c.parallel); got != c.want {
			t.Errorf("%v and %v, %d at a time: got %v, want %v", c.running, c.waiting, c.parallel, got, c.want)
		}
	}
}

// resultOf returns a result of a store in which everything holds.
func resultOf(name string, options map[string]string) *report.Result {
	r := report.New(planned)
	r.Storecheck, r.Seed, r.Seconds, r.Started = "0.1.0", 42, 3, time.Now()
	r.Target = report.Target{Name: name, Spec: "npm:" + name, Command: "storecheck run npm:" + name + " --seed 42"}
	r.Store = &report.Store{Recipe: name, Package: name, Version: "1.0.0", Options: options, Backend: "none", Claims: map[string]bool{"durable": false}}
	return r
}

var planned = []*contract.Requirement{contract.GetMissing, contract.SetReplaces, contract.GetPromptMiss}

func hold(r *report.Result) *report.Result {
	for _, q := range planned {
		r.Add(contract.Verdict{ID: q.ID, Status: contract.Pass})
	}
	r.Finish(contract.Must)
	return r
}

func write(t *testing.T, f Folder, r *report.Result) {
	t.Helper()
	if err := f.Write(r); err != nil {
		t.Fatal(err)
	}
}

func TestFolder(t *testing.T) {
	f := Folder(filepath.Join(t.TempDir(), "new", "results"))
	if c, err := f.Read(); err != nil || len(c.Results)+len(c.Strange) > 0 {
		t.Errorf("a folder that is not there holds %v (%v)", c, err)
	}
	write(t, f, hold(resultOf("a", nil)))
	write(t, f, hold(resultOf("a", map[string]string{"database": "sqlite"})))
	again := hold(resultOf("a", nil))
	again.Seconds = 7
	write(t, f, again)

	moved := filepath.Join(string(f), "copy.json")
	text, err := os.ReadFile(filepath.Join(string(f), "a@1.0.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{moved: string(text), filepath.Join(string(f), "damaged.json"): string(text[:100]), filepath.Join(string(f), "notes.txt"): "mine"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := f.Read()
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Results) != 2 || c.Results["a@1.0.0"].Seconds != 7 || c.Results["a@1.0.0 database=sqlite"] == nil {
		t.Errorf("got %v", c.Results)
	}
	if got := strings.Join(c.Strange, "\n"); len(c.Strange) != 2 || !strings.Contains(got, "copy.json: the result is of a@1.0.0, whose file is a@1.0.0.json") ||
		!strings.Contains(got, "damaged.json: ") {
		t.Errorf("strange: %s", got)
	}
	files, err := os.ReadDir(string(f))
	if err != nil || len(files) != 5 {
		t.Errorf("%d files (%v)", len(files), err)
	}
}

// A result that cannot be written leaves nothing.
func TestFolderWriteFails(t *testing.T) {
	f := Folder(t.TempDir())
	if err := os.Mkdir(filepath.Join(string(f), "a@1.0.0.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if f.Write(hold(resultOf("a", nil))) == nil {
		t.Error("a result took the place of a folder")
	}
	if files, err := os.ReadDir(string(f)); err != nil || len(files) != 1 {
		t.Errorf("left: %v (%v)", files, err)
	}
}

// A result stands for a run only if the run would be the same, and if it came to its end. It is read as a folder holds it.
func TestMet(t *testing.T) {
	wanted := Wanted{
		Storecheck: "0.1.0", Contract: contract.Version, Store: resultOf("a", map[string]string{}).Store,
		Command: "storecheck run npm:a --seed 42", IDs: []string{planned[0].ID, planned[1].ID, planned[2].ID},
	}
	for _, c := range []struct {
		name   string
		change func(*report.Result)
		want   bool
	}{
		{"the same", func(r *report.Result) { hold(r) }, true},
		{"a failure", func(r *report.Result) {
			r.Add(contract.Verdict{ID: planned[0].ID, Status: contract.Fail, Message: "wrong"})
			r.Add(contract.Verdict{ID: planned[1].ID, Status: contract.Skip, Reason: "it has none"})
			r.Add(contract.Verdict{ID: planned[2].ID, Status: contract.Inconclusive, Reason: "the machine was slow"})
			r.Finish(contract.Must)
		}, true},
		{"another storecheck", func(r *report.Result) { hold(r).Storecheck = "0.0.9" }, false},
		{"another contract", func(r *report.Result) { hold(r).Contract = "0.9.0" }, false},
		{"another seed", func(r *report.Result) { hold(r).Target.Command = "storecheck run npm:a --seed 43" }, false},
		{"another claim", func(r *report.Result) { hold(r).Store.Claims["durable"] = true }, false},
		{"fewer requirements", func(r *report.Result) { hold(r); r.Requirements = r.Requirements[1:]; r.Finish(contract.Must) }, false},
		{"broken", func(r *report.Result) { r.Broken = &report.Trouble{Message: "npm failed"}; hold(r) }, false},
		{"stopped", func(r *report.Result) { r.Broken = &report.Trouble{Kind: report.KindStopped}; r.Finish(contract.Must) }, false},
		{"a check in error", func(r *report.Result) {
			r.Add(contract.Verdict{ID: planned[0].ID, Status: contract.Broken, Reason: "a fault of the suite"})
			r.Finish(contract.Must)
		}, false},
		{"no time", func(r *report.Result) {
			for _, q := range planned {
				r.Add(contract.Verdict{ID: q.ID, Status: contract.Inconclusive, Reason: "not checked: the budget of 10m0s is used up"})
			}
			r.Finish(contract.Must)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := resultOf("a", nil)
			c.change(r)
			f := Folder(t.TempDir())
			write(t, f, r)
			contents, err := f.Read()
			if err != nil || len(contents.Strange) > 0 {
				t.Fatal(err, contents.Strange)
			}
			if got := wanted.Met(contents.Results["a@1.0.0"]); got != c.want {
				t.Errorf("got %t, want %t", got, c.want)
			}
		})
	}
}

func TestRows(t *testing.T) {
	good, failed, broken := hold(resultOf("z", nil)), resultOf("b", nil), resultOf("a", nil)
	failed.Add(contract.Verdict{ID: planned[0].ID, Status: contract.Fail, Message: "wrong"})
	failed.Add(contract.Verdict{ID: planned[1].ID, Status: contract.Pass})
	failed.Add(contract.Verdict{ID: planned[2].ID, Status: contract.Fail, Message: "wrong"})
	failed.Finish(contract.Must)
	broken.Broken = &report.Trouble{Message: "npm failed:\nmore"}
	broken.Finish(contract.Must)
	rows := []Row{RowOf(broken), RowOf(failed), RowOf(good)}
	SortRows(rows)
	want := []Row{
		{ID: "z@1.0.0", Verdict: report.Conformant, Seconds: 3},
		{ID: "b@1.0.0", Verdict: report.Nonconformant, Seconds: 3, MustFailed: 1, ShouldFailed: 1},
		{ID: "a@1.0.0", Verdict: report.Broken, Seconds: 3, Broken: "npm failed:"},
	}
	if !slices.Equal(rows, want) {
		t.Errorf("got  %+v\nwant %+v", rows, want)
	}
}

// A file has the calls of what fails, and of nothing else, and no place of this machine. The result itself keeps them.
func TestFolderKeepsCallsOfFailures(t *testing.T) {
	f, home := Folder(t.TempDir()), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	r := report.New([]*contract.Requirement{contract.GetMissing, contract.GetAfterSet})
	r.Target, r.Store = report.Target{Name: "a"}, &report.Store{Recipe: "a", Package: "a", Version: "1.0.0"}
	r.Add(contract.Verdict{ID: contract.GetMissing.ID, Status: contract.Pass, Calls: []string{"get"}})
	r.Add(contract.Verdict{ID: contract.GetAfterSet.ID, Status: contract.Fail, Message: "wrong in " + home + "/.cache/a.js and /tmp/storecheck-run-12/storecheck-3/work/b", Calls: []string{"set", "get"}})
	r.Finish(contract.Must)
	write(t, f, r)
	c, err := f.Read()
	if err != nil {
		t.Fatal(err)
	}
	read := c.Results["a@1.0.0"]
	if got := read.Requirements[1].Message; got != "wrong in ~/.cache/a.js and $TMPDIR/work/b" {
		t.Errorf("places: %s", got)
	}
	if got := fmt.Sprint(read.Requirements[0].Calls, read.Requirements[1].Calls, r.Requirements[0].Calls); got != "[] [set get] [get]" {
		t.Errorf("calls: %s", got)
	}
}
