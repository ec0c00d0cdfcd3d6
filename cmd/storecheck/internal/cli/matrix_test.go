package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/installed"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/matrix"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// planOf plans a command line on a machine where nothing is missing but what is given.
func planOf(t *testing.T, missing installed.Machine, args ...string) (*matrixCommand, *matrixPlan) {
	t.Helper()
	m := &matrixCommand{machine: missing}
	c := m.command()
	if err := c.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	p, err := m.plan(c.Flags().Args())
	if err != nil {
		t.Fatal(err)
	}
	return m, p
}

func idsIn(stores []*matrixStore) (ids []string) {
	for _, s := range stores {
		ids = append(ids, s.id)
	}
	return ids
}

// leave writes the result that a run of the plan would leave of a store.
func leave(t *testing.T, m *matrixCommand, s *matrixStore, seconds float64, change func(*report.Result)) {
	t.Helper()
	name := targetOf(s.Store)
	r := report.New(s.run.planned)
	r.Storecheck, r.Seed, r.Started, r.Seconds = target.Version, int64(s.run.seed), time.Now(), seconds
	r.Target = report.Target{Name: name, Spec: name, Command: s.run.againAll(name)}
	r.Store = storeOf(name, s.run.target)
	for _, q := range s.run.planned {
		r.Add(contract.Verdict{ID: q.ID, Status: contract.Pass})
	}
	if change != nil {
		change(r)
	}
	r.Finish(contract.Must)
	if err := m.out.Write(r); err != nil {
		t.Fatal(err)
	}
}

func TestMatrixPlanNames(t *testing.T) {
	out := t.TempDir()
	all := []string{"connect-session-knex@5.0.0 database=mariadb", "connect-session-knex@5.0.0 database=postgresql", "connect-session-knex@5.0.0 database=sqlite"}
	for _, c := range []struct {
		name string
		want []string
	}{
		{"connect-session-knex", all},
		{"npm:connect-session-kne?", all},
		{"connect-*session-kn*", all},
	} {
		if _, p := planOf(t, nil, c.name, "--out", out); !slices.Equal(idsIn(p.todo), c.want) {
			t.Errorf("%s stands for %v", c.name, idsIn(p.todo))
		}
	}
	_, p := planOf(t, installed.Machine{"postgresql": {Missing: "not there"}}, "connect-session-knex", "connect-datacache", "--out", out)
	if !slices.Equal(idsIn(p.todo), []string{all[0], all[2]}) || len(p.absent) != 2 {
		t.Errorf("without PostgreSQL: %v can run, %v cannot", idsIn(p.todo), idsIn(p.absent))
	}
	// With a server of the user's nothing is missing, and no other store gets it.
	_, p = planOf(t, installed.Machine{"postgresql": {Missing: "not there"}}, "connect-session-knex", "--out", out, "--backend", "postgresql=postgres://me:secret@db/x")
	for _, s := range p.todo {
		if got, want := len(s.run.target.Backends), len(s.Backend)/len("postgresql"); got != want {
			t.Errorf("%s has %d servers of the user's", s.id, got)
		}
		if command := s.run.againAll(targetOf(s.Store)); strings.Contains(command, "secret") || !strings.Contains(command, "--option database="+s.Given["database"]) && s.Given != nil {
			t.Errorf("%s has the command %s", s.id, command)
		}
	}
	if len(p.todo) != 3 {
		t.Errorf("with a server of the user's: %v", idsIn(p.todo))
	}
}

// What has a complete result of the same run stays, and the seed is that of the last result.
func TestMatrixPlanResumes(t *testing.T) {
	out := t.TempDir()
	args := []string{"memorystore", "connect-session-knex", "express-session", "--out", out, "--only", "get/missing,set/replaces", "--depth", "quick"}
	m, first := planOf(t, nil, append(args, "--seed", "7")...)
	for _, s := range first.todo {
		switch s.id {
		case "memorystore@1.6.8":
			leave(t, m, s, 2, func(r *report.Result) { r.Broken = &report.Trouble{Message: "npm failed"} })
		case "connect-session-knex@5.0.0 database=mariadb":
			leave(t, m, s, 9, nil)
		case "express-session@1.19.0":
			leave(t, m, s, 1, nil)
		}
	}
	want := []string{"connect-session-knex@5.0.0 database=postgresql", "connect-session-knex@5.0.0 database=sqlite", "memorystore@1.6.8"}
	_, p := planOf(t, nil, append(args, "--resume")...)
	if got := idsIn(p.todo); p.seed != 7 || len(p.kept) != 2 || !slices.Equal(got, want) {
		t.Errorf("seed %d, %d stay, and to be checked are %v", p.seed, len(p.kept), got)
	}
	for _, other := range [][]string{{"--seed", "8"}, {"--skip", "set"}, {"--depth", "normal"}, {"--timeout", "3s"}} {
		if _, p := planOf(t, nil, append(slices.Concat(args, other), "--resume")...); len(p.kept) > 0 {
			t.Errorf("%v: %d stay", other, len(p.kept))
		}
	}
	// Without --resume all are checked, those that took longest first. One that broke is taken for an average store.
	_, p = planOf(t, nil, args...)
	if got := idsIn(p.todo); len(got) != 5 || got[0] != "connect-session-knex@5.0.0 database=mariadb" || got[4] != "express-session@1.19.0" {
		t.Errorf("the order is %v", got)
	}
}

// Shares are the same on a machine that lacks a server, whatever lies in the folder of the results. Each store is in one.
func TestMatrixPlanShards(t *testing.T) {
	durations, out := t.TempDir(), t.TempDir()
	m, p := planOf(t, nil, "--out", durations, "--only", "get/missing")
	for i, s := range p.todo {
		leave(t, m, s, float64(i%7), nil)
	}
	all := idsIn(p.todo)
	var shared []string
	for _, shard := range []string{"1/3", "2/3", "3/3"} {
		args := []string{"--shard", shard, "--durations", durations, "--out", out, "--seed", "1", "--only", "get/missing"}
		m, p := planOf(t, nil, args...)
		mine := idsIn(p.todo)
		leave(t, m, p.todo[0], 1000, nil)
		_, p = planOf(t, installed.Machine{"redis": {Missing: "not there"}}, append(args, "--resume")...)
		again := append(idsIn(p.todo), idsIn(p.absent)...)
		for _, row := range p.kept {
			again = append(again, row.ID)
		}
		shared = append(shared, mine...)
		slices.Sort(mine)
		slices.Sort(again)
		if !slices.Equal(mine, again) {
			t.Errorf("shard %s is %v, and then %v", shard, mine, again)
		}
	}
	slices.Sort(shared)
	slices.Sort(all)
	if !slices.Equal(shared, all) {
		t.Errorf("the shards have %v, want %v", shared, all)
	}
}

// A file of a store that the catalogue has no more is named, unless only some stores are looked at.
func TestMatrixPlanStale(t *testing.T) {
	out := t.TempDir()
	m, p := planOf(t, nil, "memorystore", "--out", out)
	leave(t, m, p.todo[0], 1, func(r *report.Result) { r.Store.Version = "0.0.1" })
	if err := os.WriteFile(filepath.Join(out, "mine.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, p = planOf(t, nil, "--out", out)
	got := strings.Join(p.notes, "\n")
	if len(p.notes) != 2 || !strings.Contains(got, "memorystore@0.0.1.json: the catalogue has no memorystore@0.0.1 any more") || !strings.Contains(got, "mine.json: not a result") {
		t.Errorf("notes: %s", got)
	}
	for _, args := range [][]string{{"memorystore"}, {"--resume"}, {"--shard", "1/2"}} {
		if _, p := planOf(t, nil, append(args, "--out", out)...); len(p.notes) > 0 {
			t.Errorf("%v: notes %v", args, p.notes)
		}
	}
}

func TestMatrixAgain(t *testing.T) {
	m, p := planOf(t, nil, "memorystore", "--out", "my results", "--depth", "quick", "--only", "get,set", "--shard", "1/1", "--seed", "9")
	want := "storecheck matrix memorystore --depth quick --only get --only set --out 'my results' --shard 1/1 --seed 9 --resume"
	if got := m.again([]string{"memorystore"}, p.seed); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Verdicts play no part in the exit status; a store without a result does.
func TestMatrixExit(t *testing.T) {
	for _, c := range []struct {
		name string
		done matrixDone
		want error
	}{
		{"verdicts", matrixDone{asked: 2, judged: 2, rows: []matrix.Row{{Verdict: report.Nonconformant}, {Verdict: report.Inconclusive}}}, nil},
		{"broken", matrixDone{asked: 1, judged: 1, rows: []matrix.Row{{Verdict: report.Broken}}}, exitStatus(report.ExitBroken)},
		{"stopped", matrixDone{asked: 2, judged: 1, rows: []matrix.Row{{Verdict: report.Conformant}}}, exitStatus(report.ExitBroken)},
		{"not written", matrixDone{asked: 1, judged: 1, errs: []error{os.ErrPermission}}, exitStatus(report.ExitBroken)},
		{"nothing to do", matrixDone{}, nil},
	} {
		//nolint:errorlint // it is never wrapped
		if got := c.done.exit(); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
