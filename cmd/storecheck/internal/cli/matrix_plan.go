package cli

import (
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/matrix"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/nearest"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

// A matrixPlan is what a matrix is going to do.
type matrixPlan struct {
	seed      uint64
	todo      []*matrixStore // in the order in which they begin
	kept      []matrix.Row   // of results that stay, because the run goes on
	absent    []*matrixStore // those that cannot run here
	durations matrix.Durations
	planned   int      // requirements
	notes     []string // about files that are in the folder
}

// A matrixStore is a store of the matrix.
type matrixStore struct {
	catalog.Store
	id    string
	lacks string // why it cannot run here
	run   *run   // as storecheck run with the flags of the matrix and the options of the store
}

// plan decides which stores are checked, and in which order.
func (m *matrixCommand) plan(names []string) (*matrixPlan, error) {
	planned, err := m.each.choose(profile.Default)
	if err == nil {
		err = m.validate()
	}
	if err != nil {
		return nil, err
	}
	chosen, err := m.named(names)
	if err != nil {
		return nil, err
	}
	there, err := m.out.Read()
	if err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	p := &matrixPlan{seed: m.chooseSeed(there.Results), planned: len(planned), durations: matrix.DurationsOf(there.Results)}
	var shares matrix.Durations // not those of --out, which change while a shard runs
	if m.durations != "" {
		earlier, err := matrix.Folder(m.durations).Read()
		if err != nil {
			return nil, fmt.Errorf("--durations: %w", err)
		}
		shares = matrix.DurationsOf(earlier.Results)
		p.durations = shares
	}
	if len(names) == 0 && m.shard.Of == 0 && !m.resume {
		p.notes = append(m.stale(there, chosen), there.Strange...)
	}
	p.divide(m.share(chosen, shares))
	if len(p.todo) == 0 && m.shard.Of == 0 {
		return nil, fmt.Errorf("none of these stores can run here; storecheck doctor says what to install:%s", p.reasons())
	}
	for _, s := range p.todo {
		if s.run, err = m.runOf(s, p.seed); err != nil {
			return nil, err
		}
	}
	if m.resume {
		p.keep(there)
	}
	p.sort()
	return p, nil
}

// named returns the stores of the names; all without any.
func (m *matrixCommand) named(names []string) ([]*matrixStore, error) {
	machine, own := maps.Clone(m.machine), map[string]bool{}
	for _, b := range m.each.target.Backends {
		kind, _, _ := strings.Cut(b, "=")
		delete(machine, kind) // nothing is missing
		own[kind] = true
	}
	var chosen []*matrixStore
	used := map[string]bool{}
	for _, s := range catalog.Stores() {
		if len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return matchStore(n, s) }) {
			continue
		}
		used[s.Backend] = true
		chosen = append(chosen, &matrixStore{Store: s, id: describe(s.Recipe, s.Options).ID(), lacks: machine.Lacks(s.Recipe)})
	}
	for _, n := range names {
		if !slices.ContainsFunc(chosen, func(s *matrixStore) bool { return matchStore(n, s.Store) }) {
			return nil, noStore(n)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(own)) {
		if !used[kind] {
			return nil, fmt.Errorf("--backend %s: none of the stores uses such a server", kind)
		}
	}
	return chosen, nil
}

// matchStore reports whether a store has the name, or one that the glob matches. A * stands for anything, even for the slash of a scope.
func matchStore(name string, s catalog.Store) bool {
	const slash = "\x00"
	name = strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(name, "npm:"), "go:"), "/", slash)
	matched, _ := path.Match(name, strings.ReplaceAll(s.Name, "/", slash))
	return matched
}

func noStore(name string) error {
	if _, err := path.Match(name, ""); err != nil {
		return fmt.Errorf("%s: not a pattern: %w", name, err)
	}
	var known []string
	for _, r := range catalog.All() {
		known = append(known, r.Name)
	}
	also := ""
	if near := nearest.To(name, known); near != "" {
		also = fmt.Sprintf("; did you mean %s?", near)
	}
	return fmt.Errorf("the catalogue has no store %s%s (storecheck stores lists them)", name, also)
}

// share returns the stores of the shard. Only the catalogue says which stores are shared out: machines may have different servers.
func (m *matrixCommand) share(chosen []*matrixStore, d matrix.Durations) []*matrixStore {
	if m.shard.Of == 0 {
		return chosen
	}
	var ids []string
	for _, s := range chosen {
		if s.Why == "" {
			ids = append(ids, s.id)
		}
	}
	mine := m.shard.Share(ids, d)
	return slices.DeleteFunc(chosen, func(s *matrixStore) bool { return !slices.Contains(mine, s.id) })
}

// divide takes the stores that can run here, and those that cannot.
func (p *matrixPlan) divide(stores []*matrixStore) {
	for _, s := range stores {
		if s.lacks == "" {
			p.todo = append(p.todo, s)
		} else {
			p.absent = append(p.absent, s)
		}
	}
}

// stale names the files of stores that the catalogue has no more.
func (m *matrixCommand) stale(there matrix.Contents, all []*matrixStore) (notes []string) {
	for _, id := range slices.Sorted(maps.Keys(there.Results)) {
		if !slices.ContainsFunc(all, func(s *matrixStore) bool { return s.id == id }) {
			notes = append(notes, fmt.Sprintf("%s/%s: the catalogue has no %s any more; remove the file", m.out, matrix.FileName(id), id))
		}
	}
	return notes
}

// runOf makes of a store what storecheck run makes of its command line.
func (m *matrixCommand) runOf(s *matrixStore, seed uint64) (*run, error) {
	var words commandLine
	for _, name := range sharedFlags {
		if f := m.flags.Lookup(name); f.Changed && name != "seed" && name != "backend" {
			words.repeat(f)
		}
	}
	words.add("seed", strconv.FormatUint(seed, 10))
	for _, b := range m.each.target.Backends {
		if strings.HasPrefix(b, s.Backend+"=") {
			words.add("backend", b)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Given)) {
		words.add("option", name+"="+s.Given[name])
	}
	r, flags := new(run), pflag.NewFlagSet("", pflag.ContinueOnError)
	r.declare(flags)
	if err := flags.Parse(words); err != nil {
		return nil, err
	}
	return r, r.prepare([]string{targetOf(s.Store)})
}

// keep takes the stores out whose result in the folder stands for the run.
func (p *matrixPlan) keep(there matrix.Contents) {
	p.todo = slices.DeleteFunc(p.todo, func(s *matrixStore) bool {
		last, has := there.Results[s.id]
		if !has {
			return false
		}
		wanted := matrix.Wanted{
			Storecheck: target.Version, Contract: contract.Version, Store: storeOf(targetOf(s.Store), s.run.target),
			Command: s.run.againAll(targetOf(s.Store)), IDs: idsOf(s.run.planned),
		}
		if !wanted.Met(last) {
			return false
		}
		p.kept = append(p.kept, matrix.RowOf(last))
		return true
	})
}

func (p *matrixPlan) sort() {
	byID := map[string]*matrixStore{}
	var ids []string
	for _, s := range p.todo {
		byID[s.id] = s
		ids = append(ids, s.id)
	}
	p.durations.LongestFirst(ids)
	for i, id := range ids {
		p.todo[i] = byID[id]
	}
}

// reasons has a line for each store that cannot run here.
func (p *matrixPlan) reasons() string {
	var b strings.Builder
	for _, s := range p.absent {
		fmt.Fprintf(&b, "\n  %s: %s", s.Name, s.lacks)
	}
	return b.String()
}

// show lists the stores that would be checked.
func (p *matrixPlan) show(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "STORE\tSERVER\tTOOK")
	for _, s := range p.todo {
		took := "-"
		if d, known := p.durations[s.id]; known {
			took = d.Round(100 * time.Millisecond).String()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", s.id, s.Backend, took)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s to check, %d with a result that stays, %d cannot run here.\n", count(len(p.todo), "store", "stores"), len(p.kept), len(p.absent))
	return err
}
