// Package report turns the verdicts of a run into reports for people and machines: a terminal report, JSON, JUnit XML, TAP,
// a summary table and an exit status. It also reads the file of known failures.
//
// A [Result] is the run of one target. Its verdict is about the store, its exit status about the run: a store with known violations only is not
// conformant, and its run exits 0.
//
// No writer trusts text from a store: it escapes what a terminal, an XML reader or a line-based reader could take for a command.
package report

import (
	"math"
	"slices"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

// Schema is the version of the JSON document. It changes when a field goes away or changes its meaning, not when a field is added.
const Schema = 1

// A Verdict is the finding of a run about a store.
type Verdict string

const (
	// Conformant: every requirement of the counted levels that applies to the store holds.
	Conformant Verdict = "conformant"
	// Nonconformant: the store violates a requirement that counts, expected or not.
	Nonconformant Verdict = "nonconformant"
	// Inconclusive: no violation was seen, but a requirement that counts was flaky or inconclusive, or none was checked.
	Inconclusive Verdict = "inconclusive"
	// Broken: the target or the harness broke, so the run says nothing about the store.
	Broken Verdict = "broken"
)

// A Result is the run of one target. New makes it, Add and the exported fields fill it, Finish completes it. The other functions of
// this package expect a finished result. It is not safe for concurrent use before that.
type Result struct {
	Schema   int    `json:"schema"`
	Contract string `json:"contract"` // version of the contract
	// Profile is the contract by which the store was judged. A result of an earlier program has none: then it is express-session's.
	Profile    *Profile  `json:"profile,omitempty"`
	Storecheck string    `json:"storecheck"` // version of the program
	Seed       int64     `json:"seed"`       // the root seed
	Seconds    float64   `json:"seconds"`    // how long the run took
	Started    time.Time `json:"started"`    // RFC 3339
	Target     Target    `json:"target"`
	// Store is the store of the catalogue that was checked; nil for any other target.
	Store *Store `json:"store,omitempty"`
	// Capabilities are the optional methods, by the names of contract.Need. True means that the store has the method.
	Capabilities map[string]bool `json:"capabilities"`
	Verdict      Verdict         `json:"verdict"`
	// Level is the weakest level that counted.
	Level contract.Level `json:"level"`
	// Counts is the number of requirements by level and status. Statuses that did not occur are left out.
	Counts map[contract.Level]map[contract.Status]int `json:"counts"`
	// Requirements are in the order in which they were planned.
	Requirements []Requirement `json:"requirements"`
	// Time is the time that the store lived in: TimeReal or TimeShifted. It is empty where the target was not opened.
	Time string `json:"time,omitempty"`
	// Diagnosis is a hint at what lies behind the failures, where there are any.
	Diagnosis *Diagnosis `json:"diagnosis,omitempty"`
	// LeftOut is how many requirements of the contract the run was told to leave out.
	LeftOut int `json:"leftOut,omitempty"`
	// Notes are observations beside the verdicts.
	Notes []string `json:"notes"`
	// Broken is set if the target as a whole, or the harness, broke.
	Broken *Trouble `json:"broken,omitempty"`

	rows map[string]int // index of each requirement
}

// The times that a store may be checked in.
const (
	TimeReal    = "real"    // that of the machine
	TimeShifted = "shifted" // a clock that was moved ahead, where the store waits for something
)

// A Profile names the middleware by whose contract a store was judged.
type Profile struct {
	Name    string `json:"name"`
	Version string `json:"version"` // of the profile
	// Middleware is the version of the middleware that the profile was read from.
	Middleware string `json:"middleware"`
}

// NewProfile names a profile.
func NewProfile(p *profile.Profile) *Profile { return &Profile{p.Name, p.Version, p.Middleware} }

// ProfileName is the name of the profile by which the store was judged.
func (r *Result) ProfileName() string {
	if r.Profile == nil {
		return profile.Default.Name
	}
	return r.Profile.Name
}

// A Target is the checked store.
type Target struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	// Spec is the target as the user wrote it on the command line. The commands in the reports use it.
	Spec    string `json:"spec"`
	Runtime string `json:"runtime"`
	// Command is the shell command that checks the target again, with every flag that matters. If it is empty, the reports make one of Spec
	// and the seed.
	Command string `json:"command,omitempty"`
	// Factory is the JavaScript that makes the store, if the command has one.
	Factory string `json:"factory,omitempty"`
}

// String returns name@version, or the name if there is no version.
func (t Target) String() string {
	if t.Version == "" {
		return t.Name
	}
	return t.Name + "@" + t.Version
}

// A Requirement is the verdict on one requirement, with the fields of the requirement that a reader needs.
type Requirement struct {
	ID      string          `json:"id"`
	Level   contract.Level  `json:"level"`
	Chapter string          `json:"chapter"`
	Title   string          `json:"title"`
	Status  contract.Status `json:"status"`
	// LogsOut is that of the contract: a failure logs users out.
	LogsOut  bool     `json:"logsOut,omitempty"`
	Seconds  float64  `json:"seconds"`
	Reason   string   `json:"reason"`
	Message  string   `json:"message"`
	Cause    string   `json:"cause,omitempty"` // that of the verdict
	Observed string   `json:"observed"`
	Calls    []string `json:"calls"`
	// Again is the shell command that checks the requirement again with the same values. If it is empty, the reports take Target.Command
	// and add --only.
	Again string `json:"again,omitempty"`
}

// Trouble says how a target or the harness broke.
type Trouble struct {
	// Kind is a word for machines, such as died or protocol, or empty.
	Kind    string `json:"kind,omitempty"`
	Message string `json:"message"`
}

// New returns a result that expects one verdict on each planned requirement. The caller sets Profile where it is not the default, Storecheck, Seed, Seconds, Started,
// Target, Capabilities, Notes and Broken at any time before Finish.
func New(planned []*contract.Requirement) *Result {
	r := &Result{
		Schema:   Schema,
		Contract: contract.Version,
		Profile:  NewProfile(profile.Default),
		rows:     map[string]int{},
	}
	for _, p := range planned {
		row := r.row(p.ID)
		row.Level, row.Title, row.LogsOut = p.Level, p.Title, p.LogsOut()
	}
	return r
}

// row appends an empty row.
func (r *Result) row(id string) *Requirement {
	r.rows[id] = len(r.Requirements)
	chapter := (&contract.Requirement{ID: id}).Chapter()
	r.Requirements = append(r.Requirements, Requirement{ID: id, Level: contract.Must, Chapter: chapter})
	return &r.Requirements[len(r.Requirements)-1]
}

// Add records a verdict; the caller has applied the known failures. The verdict becomes an error if it was not planned, comes twice, or has
// an unknown status. Then the harness has lost count, and no verdict of the run is reliable.
func (r *Result) Add(v contract.Verdict) {
	i, planned := r.rows[v.ID]
	if !planned {
		r.row(v.ID).broke("was reported but not planned")
		return
	}
	row := &r.Requirements[i]
	if row.Status != "" {
		row.broke("was reported twice: " + string(row.Status) + ", then " + string(v.Status))
		return
	}
	row.Status, row.Reason, row.Message, row.Observed, row.Cause = v.Status, v.Reason, v.Message, v.Observed, v.Cause
	row.Calls = append(row.Calls, v.Calls...)
	row.Seconds = roundSeconds(v.Duration)
	switch {
	case !slices.Contains(contract.Statuses(), v.Status):
		row.broke("was reported with the unknown status " + string(v.Status))
	case v.Status != contract.Pass && v.Reason == "" && v.Message == "":
		row.Reason = "no reason was given"
	}
}

// notReached is the reason of every requirement that a broken run did not reach.
const notReached = "not checked: the run broke before"

func (q *Requirement) broke(reason string) { q.Status, q.Reason = contract.Broken, reason }

// Finish makes every planned requirement without a verdict an error, and computes the counts and the verdict. Level is the weakest
// level that counts for the verdict and the exit status; zero means Must.
func (r *Result) Finish(level contract.Level) {
	if level == 0 {
		level = contract.Must
	}
	r.Level = level
	for i := range r.Requirements {
		row := &r.Requirements[i]
		switch {
		case row.Status != "":
		case r.Broken != nil:
			row.broke(notReached)
		default:
			row.broke("was planned but not reported")
		}
	}
	if len(r.Requirements) == 0 && r.Broken == nil {
		r.Broken = &Trouble{Kind: "plan", Message: "no requirement was planned, so nothing was checked"}
	}
	r.Counts = r.count()
	r.Verdict = r.judge()
	r.fill()
}

// fill replaces each nil with an empty value, because the schema allows no null.
func (r *Result) fill() {
	if r.Capabilities == nil {
		r.Capabilities = map[string]bool{}
	}
	if r.Requirements == nil {
		r.Requirements = []Requirement{}
	}
	if r.Notes == nil {
		r.Notes = []string{}
	}
	for i := range r.Requirements {
		if r.Requirements[i].Calls == nil {
			r.Requirements[i].Calls = []string{}
		}
	}
}

func (r *Result) count() map[contract.Level]map[contract.Status]int {
	counts := map[contract.Level]map[contract.Status]int{}
	for _, q := range r.Requirements {
		if counts[q.Level] == nil {
			counts[q.Level] = map[contract.Status]int{}
		}
		counts[q.Level][q.Status]++
	}
	return counts
}

// total is the number of requirements with a status, at all levels.
func (r *Result) total(s contract.Status) int {
	n := 0
	for _, byStatus := range r.Counts {
		n += byStatus[s]
	}
	return n
}

// roundSeconds rounds to the microsecond, because further digits mean nothing.
func roundSeconds(d time.Duration) float64 { return math.Round(d.Seconds()*1e6) / 1e6 }
