// Package ginkgo is a project of its own that checks its store in a suite of Ginkgo.
package ginkgo

import (
	"context"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/ginkgosuite"
	"github.com/storecheck/storecheck/examples/mystore" // your store
	"github.com/storecheck/storecheck/spec"
)

var _ = Describe("my store", func() {
	open := func(context.Context) (spec.Store, error) { return &mystore.Store{}, nil }
	ginkgosuite.Describe(conformance.Subject{Name: "mystore", Open: open})
})

func TestStores(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "stores")
}
