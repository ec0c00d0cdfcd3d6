// Package gotest is a project of its own that checks its store with go test: three lines, in a test that has the name of the store.
package gotest

import (
	"context"
	"testing"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/examples/mystore" // your store
	"github.com/storecheck/storecheck/spec"
)

func TestStore(t *testing.T) {
	open := func(context.Context) (spec.Store, error) { return &mystore.Store{}, nil }
	conformance.Run(t, conformance.Subject{Name: "mystore", Open: open})
}
