package matrix

import (
	"testing"

	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// Every Must that fails in the published results has a confirmed cause in catalog/findings, where the store has been looked into. The log names the
// stores that nobody has looked into yet.
func TestPublishedFailuresAreExplained(t *testing.T) {
	c, err := Folder("../../../../results").Read()
	if err != nil {
		t.Fatal(err)
	}
	for _, strange := range c.Strange {
		t.Error(strange)
	}
	if len(c.Results) < 60 {
		t.Errorf("only %d results", len(c.Results))
	}
	for id, r := range c.Results {
		if len(catalog.Findings(r.Store.Recipe)) == 0 {
			if r.Verdict == report.Nonconformant {
				t.Logf("%s: not looked into yet", id)
			}
			continue
		}
		var failed []string
		for _, q := range r.Requirements {
			if q.Level == contract.Must && report.OutcomeOf(q.Status) == report.Violated {
				failed = append(failed, q.ID)
			}
		}
		for _, q := range catalog.Unexplained(r.Store.Recipe, r.Store.Options, failed) {
			t.Errorf("%s: nothing in catalog/findings/%s.yaml explains that %s fails", id, r.Store.Recipe, q)
		}
	}
}
