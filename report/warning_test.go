package report

import (
	"strings"
	"testing"

	"github.com/storecheck/storecheck/spec/contract"
)

// A conformant store that logs users out says so before anything else.
func TestLogsOut(t *testing.T) {
	for name, tt := range map[string]struct {
		must, should contract.Status
		level        contract.Level
		want         string
	}{
		"fails":             {contract.Pass, contract.Fail, contract.Must, "CONFORMANT, but users may find themselves logged out: get/logs-out (should) failed. Exit status 0."},
		"holds":             {contract.Pass, contract.Pass, contract.Must, ""},
		"known":             {contract.Pass, contract.Known, contract.Must, ""},
		"counts":            {contract.Pass, contract.Fail, contract.Should, ""},
		"is not conformant": {contract.Fail, contract.Fail, contract.Must, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := New([]*contract.Requirement{
				{ID: "get/must", Level: contract.Must},
				{ID: "get/logs-out", Level: contract.Should, Harm: contract.LogsOut},
				{ID: "get/other", Level: contract.Should},
			})
			r.Add(contract.Verdict{ID: "get/must", Status: tt.must, Message: "wrong"})
			r.Add(contract.Verdict{ID: "get/logs-out", Status: tt.should, Message: "wrong"})
			r.Add(contract.Verdict{ID: "get/other", Status: contract.Fail, Message: "wrong"})
			r.Finish(tt.level)
			var text strings.Builder
			if err := Pretty(&text, r, Style{}); err != nil {
				t.Fatal(err)
			}
			_, after, _ := strings.Cut(text.String(), "\n")
			got, _, _ := strings.Cut(strings.TrimLeft(after, "\n"), "\n")
			if tt.want != "" && got != tt.want || tt.want == "" && strings.Contains(got, "logged out") {
				t.Errorf("got %q, want %q in\n%s", got, tt.want, text.String())
			}
		})
	}
}
