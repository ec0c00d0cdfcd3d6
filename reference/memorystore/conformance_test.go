package memorystore_test

import (
	"context"
	"testing"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

func TestConformance(t *testing.T) {
	conformance.Run(t, conformance.Subject{
		Name:       "memorystore",
		Open:       func(context.Context) (spec.Store, error) { return memorystore.New(memorystore.Options{}), nil },
		Disposable: true,
	})
}
