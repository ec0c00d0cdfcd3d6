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
type memory struct {
	store  memorystore.Options
	shards int // 0: it has none
}

// memoryOptions are what --option may say about it.
const memoryOptions = "max=NUMBER, stale=true, shards=NUMBER"

func parseMemory(o Options) (Target, error) {
	var m memory
	for name, value := range o.Config {
		ok := false
		switch name {
		case "max":
			m.store.Max, ok = count(value)
		case "shards":
			var n int64
			n, ok = count(value)
			m.shards, ok = int(n), ok && n <= mostShards
		case "stale":
			m.store.Stale, ok = value.(bool)
		}
		if !ok {
			return nil, fmt.Errorf("--option %s=%v is none of memory, which has %s", name, value, memoryOptions)
		}
	}
	return m, nil
}

// mostShards is far more than any machine has use for.
const mostShards = 1 << 12

// count is the whole number that a value from the command line is.
func count(value any) (n int64, ok bool) {
	f, ok := value.(float64)
	n = int64(f)
	return n, ok && f >= 0 && float64(n) == f
}

func (m memory) open() spec.Store {
	if m.shards > 0 {
		return memorystore.NewSharded(m.shards, m.store)
	}
	return memorystore.New(m.store)
}

func (m memory) Open(context.Context, func(string)) (*Opened, error) {
	clock := conformance.NewManualClock()
	m.store.Now = clock.Now
	open := func(context.Context) (spec.Store, error) { return m.open(), nil }
	return &Opened{
		Name: "memory", Version: Version, Runtime: "go " + strings.TrimPrefix(runtime.Version(), "go"),
		Capabilities: spec.CapabilitiesOf(memory{}.open()),
		Subject: conformance.Subject{
			Name: "memory", Open: open, OpenForeign: open, Disposable: true, Granularity: time.Millisecond, Clock: clock,
		},
		Notes: func() []string { return nil },
		Close: func() error { return nil },
	}, nil
}
