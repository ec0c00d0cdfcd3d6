package bridge

import (
	"strings"
	"testing"

	"github.com/storecheck/storecheck/spec/probe"
)

// TestErrorsAreShort: what an error says does not fill a report, and a short one stays as it is.
func TestErrorsAreShort(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	o := probe.Outcome{
		Error: &probe.Fault{Name: long, Message: long, Code: long, Stack: long}, Thrown: &probe.Fault{Name: "Error", Message: "no"},
		Uncaught: []probe.Fault{{Message: long}},
	}
	limitFaults(&o)
	for _, fault := range []probe.Fault{*o.Error, o.Uncaught[0]} {
		if len(fault.Name)+len(fault.Code) > 3*maxName || len(fault.Message)+len(fault.Stack) > 3*maxSaid || !strings.HasPrefix(fault.Message, "xxx") {
			t.Errorf("name %d bytes, code %d, message %d, stack %d", len(fault.Name), len(fault.Code), len(fault.Message), len(fault.Stack))
		}
	}
	if want := (probe.Fault{Name: "Error", Message: "no"}); *o.Thrown != want {
		t.Errorf("a short error became %+v", *o.Thrown)
	}
}
