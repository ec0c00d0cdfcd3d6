package conformance_test

import (
	"context"
	"slices"
	"testing"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A call whose callback has thrown may hold a lock until the process ends. The checks behind it open no instance where that lock is.
func TestHarmfulComesBehindOthers(t *testing.T) {
	s := conformance.New(conformance.Subject{
		Name: "store",
		Open: func(context.Context) (spec.Store, error) { return memorystore.New(memorystore.Options{}), nil },
	}, conformance.Options{})
	all := s.Requirements()
	i := slices.Index(all, contract.CallbacksThrowing)
	if i < 0 {
		t.Fatal("nothing checks what a callback that throws leaves behind")
	}
	for _, r := range all[i+1:] {
		if r.Chapter() != contract.CalendarLivesEnd.Chapter() {
			t.Errorf("%s is checked behind %s", r.ID, contract.CallbacksThrowing.ID)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
