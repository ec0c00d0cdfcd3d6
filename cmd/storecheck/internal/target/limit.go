package target

import (
	"fmt"
	"strings"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/spec/contract"
)

// Judge returns the verdict of a check on the target. A failure that shows a limit of an emulator is none of the store's: it is skipped.
func (o *Opened) Judge(v contract.Verdict) contract.Verdict {
	if v.Status != contract.Fail {
		return v
	}
	for _, l := range o.limits {
		if shows(l, v) {
			return contract.Verdict{
				ID: v.ID, Status: contract.Skip, Calls: v.Calls, Duration: v.Duration,
				Reason: fmt.Sprintf("the emulator %s %s", o.Server.Program, l.Why),
			}
		}
	}
	return v
}

func shows(l backend.Limit, v contract.Verdict) bool {
	return (l.Requirement == "" || l.Requirement == v.ID) && strings.Contains(v.Message, l.Shows)
}
