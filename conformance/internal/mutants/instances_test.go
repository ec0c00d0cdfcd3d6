package mutants

import (
	"testing"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec/contract"
)

// A store that seals its records correctly is accused of nothing, shared or not.
func TestSealed(t *testing.T) {
	opens := func(_ string, record sealedRecord, secret, id string) error { return record.opens(secret, id) }
	for name, shared := range map[string]bool{"shared": true, "one at a time": false} {
		t.Run(name, func(t *testing.T) {
			subject := newSubject(name, nil, sealed(opens))
			subject.Shared = shared
			// The files are removed with the last open instance.
			keeper, err := subject.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer keeper.(*faulty).Close()
			verdicts, err := conformance.Record(t.Context(), subject, conformance.Options{
				Select: func(r *contract.Requirement) bool { return r.Chapter() == "instances" },
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range verdicts {
				skipped := v.Status == contract.Skip && (!shared || v.ID == contract.InstancesTimeZones.ID)
				if v.Status != contract.Pass && !skipped {
					t.Errorf("%s %s: %s%s", v.ID, v.Status, v.Reason, v.Message)
				}
			}
		})
	}
}
