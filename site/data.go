package site

import (
	"time"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// Schema is the version of the site's own JSON. It changes when a field goes away or changes its meaning, not when a field is added.
const Schema = 1

// storeHead says which result of which store.
type storeHead struct {
	Slug     string         `json:"slug"`
	Name     string         `json:"name"`
	Version  string         `json:"version"`
	Run      string         `json:"run"`
	Contract string         `json:"contract"`
	Backend  string         `json:"backend"`
	Profile  string         `json:"profile"`
	Listed   bool           `json:"listed"`
	Verdict  report.Verdict `json:"verdict"`
	Must     tallyData      `json:"must"`
	Should   tallyData      `json:"should"`
	Checked  time.Time      `json:"checked"`
	// TakenFrom is the first run that had this very result, where it was not new in this one.
	TakenFrom string `json:"takenFrom,omitempty"`
}

// tallyData counts requirements of one level.
type tallyData struct {
	Failed int `json:"failed"`
	Held   int `json:"held"`
	Unsure int `json:"unsure"` // flaky, inconclusive or broken
	Asked  int `json:"asked"`  // all of these
}

func tallyOf(t report.Tally) tallyData { return tallyData{t.Violated, t.Held, t.Unsure, t.Asked()} }

func headOf(s *store) storeHead {
	from := ""
	if s.TakenFrom != nil {
		from = s.TakenFrom.Name
	}
	return storeHead{
		Slug: s.Slug, Name: s.Name, Version: s.Version, Run: s.Run.Name, Contract: s.Contract, Backend: s.Backend(), Profile: s.ProfileName(), Listed: s.Listed(),
		Verdict: s.Result.Verdict, Must: tallyOf(s.Must), Should: tallyOf(s.Should), Checked: s.Started, TakenFrom: from,
	}
}

func headsOf(stores []*store) []storeHead {
	heads := make([]storeHead, len(stores))
	for i, s := range stores {
		heads[i] = headOf(s)
	}
	return heads
}

// ruleData is a requirement of the contract.
type ruleData struct {
	ID     string         `json:"id"`
	Level  contract.Level `json:"level"`
	Title  string         `json:"title"`
	Text   string         `json:"text,omitempty"`
	Why    string         `json:"why,omitempty"`
	Source string         `json:"source,omitempty"`
	Since  string         `json:"since,omitempty"`
}

func ruleOf(q *requirement) ruleData {
	d := ruleData{ID: q.ID, Level: q.Level, Title: q.Short}
	if q.Rule != nil {
		d.Text, d.Why, d.Source, d.Since = q.Rule.Text, q.Rule.Why, q.Rule.Source, q.Rule.Since
	}
	return d
}

// matrixData is the front page.
func (s *site) matrixData(run *namedRun) any {
	type storeData struct {
		storeHead
		Statuses map[string]contract.Status `json:"statuses"`
	}
	type absentData struct {
		Package string `json:"package"`
		Why     string `json:"why"`
		Listed  bool   `json:"listed"`
	}
	d := struct {
		Schema       int          `json:"schema"`
		Run          string       `json:"run"`
		Started      time.Time    `json:"started"`
		Requirements []ruleData   `json:"requirements"`
		Stores       []storeData  `json:"stores"`
		Absent       []absentData `json:"absent"`
		Runs         []string     `json:"runs"`
	}{Schema: Schema, Run: run.Name, Started: run.Date, Requirements: run.rules(), Absent: []absentData{}}
	for _, st := range run.Stores {
		statuses := map[string]contract.Status{}
		for id, q := range st.byID {
			statuses[id] = q.Status
		}
		d.Stores = append(d.Stores, storeData{headOf(st), statuses})
	}
	for _, a := range s.absents {
		d.Absent = append(d.Absent, absentData{a.Package, a.Why, a.Listed})
	}
	for _, other := range s.runs {
		d.Runs = append(d.Runs, other.Name)
	}
	return d
}

// storeData is the page of a store.
func (s *site) storeData(st *store) any {
	findings := []Finding{}
	for _, f := range s.Findings {
		if f.about(st.Store) {
			findings = append(findings, f)
		}
	}
	return struct {
		Schema int `json:"schema"`
		storeHead
		Findings []Finding      `json:"findings"`
		History  []storeHead    `json:"history"`
		Result   *report.Result `json:"result"`
	}{Schema, headOf(st), findings, headsOf(s.historyOf(st)), st.Result}
}

// requirementData is the page of a requirement.
func (s *site) requirementData(run *namedRun, c chapter, q *requirement) any {
	p := s.requirementPage(frame{}, run, c, q)
	heads := func(verdicts []verdict) []storeHead {
		stores := make([]*store, len(verdicts))
		for i, v := range verdicts {
			stores[i] = v.Store
		}
		return headsOf(stores)
	}
	catches := p.Catches
	if catches == nil {
		catches = []Fault{}
	}
	return struct {
		Schema int    `json:"schema"`
		Run    string `json:"run"`
		ruleData
		Catches []Fault     `json:"catches"`
		Fails   []storeHead `json:"fails"`
		Unsure  []storeHead `json:"unsure"`
		Holds   []storeHead `json:"holds"`
		Skipped []storeHead `json:"skipped"`
		Before  []storeHead `json:"failedBefore"`
	}{Schema, run.Name, ruleOf(q), catches, heads(p.Fails), heads(p.Unsure), heads(p.Holds), heads(p.Skipped), heads(p.Before)}
}
