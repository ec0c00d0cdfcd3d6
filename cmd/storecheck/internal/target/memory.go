package target

import (
	"context"
	"runtime"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// memory is reference/memorystore, on a clock that the suite moves.
type memory struct{}

func (memory) Open(context.Context, func(string)) (*Opened, error) {
	clock := conformance.NewManualClock()
	open := func(context.Context) (spec.Store, error) {
		return memorystore.New(memorystore.Options{Now: clock.Now}), nil
	}
	return &Opened{
		Name: "memory", Version: Version, Runtime: "go " + strings.TrimPrefix(runtime.Version(), "go"),
		Capabilities: spec.CapabilitiesOf(memorystore.New(memorystore.Options{})),
		Subject: conformance.Subject{
			Name: "memory", Open: open, OpenForeign: open, Disposable: true, Granularity: time.Millisecond, Clock: clock,
		},
		Notes: func() []string { return nil },
		Close: func() error { return nil },
	}, nil
}
