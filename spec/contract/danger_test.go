package contract

import (
	"testing"
)

func TestDangers(t *testing.T) {
	under := map[*Requirement]string{}
	for _, d := range Dangers() {
		for _, r := range d.Of {
			if before := under[r]; before != "" {
				t.Errorf("%s stands under %q and %q", r.ID, before, d.Says)
			}
			under[r] = d.Says
			if r.Level != Must && !r.LogsOut {
				t.Errorf("%s is a %s, and a report does not warn of it", r.ID, r.Level)
			}
			if r.ByChance {
				t.Errorf("%s may fail for the fault of any other requirement", r.ID)
			}
		}
	}
	for _, r := range All() {
		if r.LogsOut && under[r] != "Users may find themselves logged out" {
			t.Errorf("%s logs users out, and stands under %q", r.ID, under[r])
		}
	}
}
