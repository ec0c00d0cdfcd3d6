package site

import (
	"fmt"
	"strings"
	"time"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/speed"
)

// An Input is what a site is made of.
type Input struct {
	// Address is where the site will stand, such as https://example.org/storecheck/. Only the feed and the badges name it.
	Address string
	// Runs are results of one or more dates, in any order. A run has one result of a store at most.
	Runs []Run
	// Absent are the stores of the catalogue that could not be run.
	Absent []Absent
	// Findings are the confirmed causes of failures.
	Findings []Finding
	// Faults are the planted faults that the requirements are proven to catch.
	Faults []Fault
	// Notes are what recipes say of their stores, by name of the recipe.
	Notes map[string]string
	// Speed is what a bench has measured; nil where none was run.
	Speed *speed.Result
}

// A Run is the results of one date.
type Run struct {
	// Date is that of its newest result: a run may take results over from the one before. Two runs of one day get different names.
	Date    time.Time
	Results []*report.Result
}

// An Absent store has no result.
type Absent struct {
	Package  string
	Homepage string
	Why      string
	Listed   bool
}

// A Finding is the confirmed cause of failures of a store.
type Finding struct {
	// Recipe and Options choose the stores that it is about: every option that the finding names must have its value in the store.
	Recipe  string            `json:"recipe"`
	Options map[string]string `json:"options,omitempty"`
	// Version is that of the package in which it was confirmed.
	Version string `json:"version"`
	ID      string `json:"id"`
	// Requirements are the ids of the failures that it explains.
	Requirements []string `json:"requirements"`
	Says         string   `json:"says"`
	Where        string   `json:"where,omitempty"`
	Reproduction string   `json:"reproduction,omitempty"`
	// Install are the packages that the reproduction needs, as name@version. Argument is what it takes on its command line, or empty.
	Install  []string `json:"install,omitempty"`
	Argument string   `json:"argument,omitempty"`
	// Intended is what the authors of the store say to it.
	Intended string `json:"intended,omitempty"`
	Report   string `json:"report,omitempty"`
	Kind     string `json:"kind"`
}

// about reports whether the finding is about the store of a result.
func (f Finding) about(s *report.Store) bool {
	if s == nil || f.Recipe != s.Recipe {
		return false
	}
	for name, value := range f.Options {
		if s.Options[name] != value {
			return false
		}
	}
	return true
}

// A Fault was planted in a correct store, and the suite is proven to catch it.
type Fault struct {
	Name   string   `json:"name"`
	From   string   `json:"from,omitempty"` // the real stores that have or had it
	Breaks []string `json:"breaks"`         // ids of requirements; the first one is there for it
}

// SlugOf is the part of an address that stands for the store of a result: its recipe and options, without a version. Every character of it is
// safe in an address and in a file name.
func SlugOf(r *report.Result) string {
	name := r.Target.Name
	if s := r.Store; s != nil {
		name = s.Recipe + optionsOf(s, "~")
	}
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.ContainsRune("@._-~=", c):
			return c
		}
		return '-'
	}, strings.ReplaceAll(name, "/", "~"))
}

func optionsOf(s *report.Store, before string) string {
	_, options, _ := strings.Cut(s.ID(), " ")
	if options == "" {
		return ""
	}
	return before + strings.ReplaceAll(options, " ", before)
}

// named sorts the runs, the newest first, and gives each a name of its own.
func (in Input) named() ([]*namedRun, error) {
	runs := make([]*namedRun, len(in.Runs))
	for i, run := range in.Runs {
		runs[i] = &namedRun{Run: run}
	}
	sortNewestFirst(runs)
	days := map[string]int{}
	for i := len(runs) - 1; i >= 0; i-- {
		day := runs[i].Date.UTC().Format(time.DateOnly)
		if days[day]++; days[day] > 1 {
			day = fmt.Sprintf("%s.%d", day, days[day])
		}
		runs[i].Name = day
		runs[i].bySlug = map[string]*report.Result{}
		for _, r := range runs[i].Results {
			slug := SlugOf(r)
			if runs[i].bySlug[slug] != nil {
				return nil, fmt.Errorf("the run of %s has two results of %s", day, slug)
			}
			runs[i].bySlug[slug] = r
		}
	}
	return runs, nil
}
