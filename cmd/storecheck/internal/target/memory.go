package target

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// memory is reference/memorystore, on a clock that the suite moves.
type memory struct{ store memorystore.Options }

// memoryOptions are what --option may say about it.
const memoryOptions = "max=NUMBER, stale=true"

func parseMemory(o Options) (Target, error) {
	var m memory
	for name, value := range o.Config {
		ok := false
		switch name {
		case "max":
			var n float64
			n, ok = value.(float64)
			m.store.Max = int64(n)
			ok = ok && n >= 0 && float64(m.store.Max) == n
		case "stale":
			m.store.Stale, ok = value.(bool)
		}
		if !ok {
			return nil, fmt.Errorf("--option %s=%v is none of memory, which has %s", name, value, memoryOptions)
		}
	}
	return m, nil
}

func (m memory) Open(context.Context, func(string)) (*Opened, error) {
	clock := conformance.NewManualClock()
	m.store.Now = clock.Now
	open := func(context.Context) (spec.Store, error) { return memorystore.New(m.store), nil }
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
