package conformance_test

import (
	"context"
	"fmt"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A store that lives by a clock of the test is checked without waiting.
func Example() {
	clock := conformance.NewManualClock()
	verdicts, err := conformance.Record(context.Background(), conformance.Subject{
		Name: "memorystore",
		Open: func(context.Context) (spec.Store, error) {
			return memorystore.New(memorystore.Options{Now: clock.Now}), nil
		},
		Clock: clock, Disposable: true,
	}, conformance.Options{
		Select: func(r *contract.Requirement) bool { return r.Chapter() == "touch" && r.Level == contract.Must },
	})
	for _, v := range verdicts {
		fmt.Println(v.ID, v.Status)
	}
	fmt.Println(err)
	// Output:
	// touch/keeps-data pass
	// touch/no-resurrection pass
	// touch/extends pass
	// touch/expired-data pass
	// touch/browser-session pass
	// <nil>
}
