package target

import (
	"testing"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// Only a failure that shows a limit of the emulator is taken back.
func TestJudge(t *testing.T) {
	o := &Opened{Server: &report.Server{Program: "emulator"}, limits: []backend.Limit{
		{Shows: "(no lists in lists)", Why: "knows no lists in lists"},
		{Requirement: "set/replaces", Why: "loses a change"},
	}}
	for _, test := range []struct {
		v      contract.Verdict
		reason string // "" where the verdict stays
	}{
		{contract.Verdict{ID: "fidelity/values", Status: contract.Fail, Message: "got an error (no lists in lists)"}, "the emulator emulator knows no lists in lists"},
		{contract.Verdict{ID: "fidelity/values", Status: contract.Fail, Message: "got nothing"}, ""},
		{contract.Verdict{ID: "set/replaces", Status: contract.Fail, Message: "got nothing"}, "the emulator emulator loses a change"},
		{contract.Verdict{ID: "set/replaces", Status: contract.Pass}, ""},
		{contract.Verdict{ID: "set/replaces", Status: contract.Inconclusive, Reason: "too late"}, ""},
	} {
		got := o.Judge(test.v)
		switch {
		case test.reason == "" && (got.Status != test.v.Status || got.Message != test.v.Message || got.Reason != test.v.Reason):
			t.Errorf("%+v became %+v", test.v, got)
		case test.reason != "" && (got.ID != test.v.ID || got.Status != contract.Skip || got.Reason != test.reason || got.Message != ""):
			t.Errorf("%+v became %+v, want %q", test.v, got, test.reason)
		}
	}
}
