// Package compare says what changed between two sets of results: which stores came, went or have another version, and which requirements of a store
// ended in another way.
//
// What a run could not decide is no change of a store, nor is a requirement that the contract did not have before.
package compare

import (
	"cmp"
	"slices"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// Schema is the version of the JSON document of a Diff. It changes when a field goes away or changes its meaning, not when a field is added.
const Schema = 1

// A Diff is what changed. Its lists are sorted and never nil.
type Diff struct {
	Schema int  `json:"schema"`
	Old    Side `json:"old"`
	New    Side `json:"new"`
	// Changed is true if a store came, went, has another version, or if a requirement of one ended in another way.
	Changed bool `json:"changed"`
	// Came and Went are the stores that only one side has.
	Came []Store `json:"came"`
	Went []Store `json:"went"`
	// Stores are those of both sides that changed, or of which something is unsure.
	Stores []StoreChange `json:"stores"`
	// Same is the number of the other stores of both sides.
	Same int `json:"same"`
	// Requirements has the changes of Stores by requirement, in the order of the plan.
	Requirements []RequirementChange `json:"requirements"`
	// Contract is what changed in the contract itself.
	Contract ContractChange `json:"contract"`
}

// A Side is what one of the two sets is of. Its lists are sorted.
type Side struct {
	Results    int      `json:"results"`
	Contract   []string `json:"contract"`   // the versions of the contract
	Storecheck []string `json:"storecheck"` // the versions of the program
	First      string   `json:"first"`      // when the first run started, RFC 3339
	Last       string   `json:"last"`       // when the last one started
}

// A Store is one that only one side has.
type Store struct {
	ID      string         `json:"id"` // report.Result.ID
	Verdict report.Verdict `json:"verdict"`
}

// A StoreChange is what changed of a store that both sides have.
type StoreChange struct {
	ID string `json:"id"` // of the new side
	// Name has the options of the store, but no version.
	Name       string         `json:"name"`
	OldVersion string         `json:"oldVersion"`
	NewVersion string         `json:"newVersion"`
	OldVerdict report.Verdict `json:"oldVerdict"`
	NewVerdict report.Verdict `json:"newVerdict"`
	// Changes are the requirements that both sides have and that ended in another way, in the order of the plan. Those that are unsure are no
	// change of the store.
	Changes []Change `json:"changes"`
	// Notes say what else differs between the two runs and may explain a change.
	Notes []string `json:"notes"`
}

// A Kind says how a requirement of a store changed.
type Kind string

// The kinds, in the order in which a reader needs them.
const (
	Broken  Kind = "broken"  // it held, and is violated now
	Mended  Kind = "mended"  // it was violated, and holds now
	Asked   Kind = "asked"   // it was skipped, and is checked now
	Unasked Kind = "unasked" // it was checked, and is skipped now
	Unsure  Kind = "unsure"  // one of the two runs cannot say
)

// Kinds returns all kinds in their order.
func Kinds() []Kind { return []Kind{Broken, Mended, Asked, Unasked, Unsure} }

// A Change is a requirement of a store that ended in another way.
type Change struct {
	ID    string          `json:"id"`
	Level contract.Level  `json:"level"` // on the new side, like Title
	Title string          `json:"title"`
	Kind  Kind            `json:"kind"`
	Old   contract.Status `json:"old"`
	New   contract.Status `json:"new"`
	// Reason is why it is unsure, or skipped now, where the run said so.
	Reason string `json:"reason,omitempty"`
	// Unreached: a run broke before it came to the requirement.
	Unreached bool `json:"unreached,omitempty"`
}

// A RequirementChange is a requirement that ended in another way in some stores.
type RequirementChange struct {
	ID    string         `json:"id"`
	Level contract.Level `json:"level"`
	Title string         `json:"title"`
	// Stores are the ids of the stores, by kind. A kind without a store is left out.
	Stores map[Kind][]string `json:"stores"`
}

// Changed reports whether the store itself changed.
func (s *StoreChange) Changed() bool {
	return s.OldVersion != s.NewVersion || slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Kind != Unsure })
}

// Unsure reports whether a run could not decide anything that the other could.
func (d *Diff) Unsure() bool {
	return slices.ContainsFunc(d.Stores, func(s StoreChange) bool { return len(s.of(Unsure)) > 0 })
}

// became returns the store, and what became of its version and of its verdict. The last two are empty where it is as it was.
func (s *StoreChange) became() (store, version, verdict string) {
	store = s.ID
	if s.OldVersion != s.NewVersion {
		store = s.Name
		version = cmp.Or(s.OldVersion, "(no version)") + " → " + cmp.Or(s.NewVersion, "(no version)")
	}
	if s.OldVerdict != s.NewVerdict {
		verdict = string(s.OldVerdict) + " → " + string(s.NewVerdict)
	}
	return store, version, verdict
}

// of returns the changes of a kind.
func (s *StoreChange) of(k Kind) []Change {
	var all []Change
	for _, c := range s.Changes {
		if c.Kind == k {
			all = append(all, c)
		}
	}
	return all
}

// Results compares two sets of finished results. In each of them a store is at most once.
func Results(before, after []*report.Result) *Diff {
	m := match(before, after)
	was, is := idsOf(before), idsOf(after)
	d := &Diff{
		Schema: Schema, Old: sideOf(before), New: sideOf(after), Came: storesOf(m.came), Went: storesOf(m.went), Stores: []StoreChange{},
		Contract: contractChange(before, after, m.pairs),
	}
	for _, p := range m.pairs {
		s := p.change(was, is)
		if !s.Changed() && len(s.Changes) == 0 {
			d.Same++
			continue
		}
		d.Stores = append(d.Stores, s)
		d.Changed = d.Changed || s.Changed()
	}
	d.Changed = d.Changed || len(d.Came)+len(d.Went) > 0
	slices.SortFunc(d.Stores, func(a, b StoreChange) int { return cmp.Compare(a.ID, b.ID) })
	d.Requirements = byRequirement(d.Stores, placesOf(before, after))
	return d
}

func storesOf(results []*report.Result) []Store {
	stores := []Store{}
	for _, r := range results {
		stores = append(stores, Store{r.ID(), r.Verdict})
	}
	slices.SortFunc(stores, func(a, b Store) int { return cmp.Compare(a.ID, b.ID) })
	return stores
}
