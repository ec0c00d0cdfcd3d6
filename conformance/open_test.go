package conformance_test

import (
	"cmp"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// An Open that fails may return a nil pointer beside its error, as the method of a concrete type does.
func TestOpenFailsWithNilPointer(t *testing.T) {
	type store struct {
		spec.Store
		io.Closer
	}
	verdicts, err := conformance.Record(t.Context(), conformance.Subject{
		Name: "closed",
		Open: func(context.Context) (spec.Store, error) { return (*store)(nil), errors.New("no backend") },
	}, conformance.Options{Select: func(r *contract.Requirement) bool { return r == contract.GetMissing }})
	if err != nil {
		t.Error(err)
	}
	if len(verdicts) != 1 || verdicts[0].Status != contract.Broken || !strings.Contains(verdicts[0].Reason, "no backend") {
		t.Errorf("%+v", verdicts)
	}
}

// A store may refuse a wrong secret when it is opened, and with an error.
func TestWrongSecretAtOpen(t *testing.T) {
	for want, refuse := range map[contract.Status]func() error{
		contract.Pass: func() error { return errors.New("wrong secret") },
		contract.Fail: func() error { panic("wrong secret") },
	} {
		store := memorystore.New(memorystore.Options{})
		right := ""
		verdicts, err := conformance.Record(t.Context(), conformance.Subject{
			Name: "sealed", Shared: true, Open: func(context.Context) (spec.Store, error) { return store, nil },
			OpenSecret: func(_ context.Context, secret string) (spec.Store, error) {
				if right = cmp.Or(right, secret); secret != right {
					return nil, refuse()
				}
				return store, nil
			},
		}, conformance.Options{Select: func(r *contract.Requirement) bool { return r == contract.InstancesWrongSecret }})
		if err != nil || len(verdicts) != 1 || verdicts[0].Status != want {
			t.Errorf("%+v %v, want %s", verdicts, err, want)
		}
	}
}
