// Package conformance checks a session store against every requirement of spec/contract. A test as short as this does it:
//
//	func TestStore(t *testing.T) {
//		conformance.Run(t, conformance.Subject{
//			Name: "mystore",
//			Open: func(context.Context) (spec.Store, error) { return mystore.New(), nil },
//		})
//	}
//
// Each requirement is a subtest, such as TestStore/touch/no-resurrection. What is true of the store stands in the [Subject]: the more it
// says, the more is checked. go doc github.com/storecheck/storecheck/conformance/subject.Subject shows its fields. A violated Must fails,
// and so does a check that could not run because of an error. A violated Should, a check that does not apply and one that could not decide
// are skipped with the reason. [Options] change that.
//
// A store that keeps the contract does not fail. One that passes may still be wrong: [Faults] lists what the suite is proven to catch.
//
// A store whose clock can be given is checked without waiting, see [NewManualClock]. Otherwise the checks that wait for an expiry run
// side by side, and cost together what the longest costs.
//
// A failure shows the requirement, the calls with their answers and times, what was wanted and what came, and the command that runs just
// this check again with the same random values.
//
// [Record] needs no test runner, conformance/ginkgosuite is for Ginkgo, and [Suite] is for other drivers.
package conformance
