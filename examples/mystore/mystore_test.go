package mystore_test

import (
	"context"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/examples/mystore"
	"github.com/storecheck/storecheck/spec"
)

func TestStore(t *testing.T) {
	conformance.Run(t, conformance.Subject{
		Name:        "mystore",
		Open:        func(context.Context) (spec.Store, error) { return &mystore.Store{}, nil },
		Granularity: time.Millisecond,
	})
}
