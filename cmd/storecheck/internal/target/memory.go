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
	"github.com/storecheck/storecheck/spec/profile"
)

// memoryTarget is reference/memorystore, on a clock that the suite moves.
type memoryTarget struct {
	store  memorystore.Options
	time   wish
	shards int // 0 for a store without shards
}

// memoryOptions are the values that --option takes for memory.
const memoryOptions = "max=NUMBER, stale=true, shards=NUMBER"

func parseMemory(o Options) (Target, error) {
	m := memoryTarget{time: wish(o.Time)}
	for name, value := range o.Config {
		ok := false
		switch name {
		case "max":
			m.store.Max, ok = wholeNumber(value)
		case "shards":
			var n int64
			n, ok = wholeNumber(value)
			m.shards, ok = int(n), ok && n <= mostShards
		case "stale":
			m.store.Stale, ok = value.(bool)
		}
		if !ok {
			return nil, fmt.Errorf("--option %s=%v: memory takes %s", name, value, memoryOptions)
		}
	}
	return m, nil
}

// mostShards is far more than any machine can use.
const mostShards = 1 << 12

// wholeNumber reads a whole number, zero or more, from the command line.
func wholeNumber(value any) (n int64, ok bool) {
	f, ok := value.(float64)
	n = int64(f)
	return n, ok && f >= 0 && float64(n) == f
}

func (m memoryTarget) open() spec.Store {
	if m.shards > 0 {
		return memorystore.NewSharded(m.shards, m.store)
	}
	return memorystore.New(m.store)
}

func (m memoryTarget) Open(context.Context, func(string)) (*Opened, error) {
	onMachine := m
	lived, clock := m.time.injected()
	if clock != nil {
		m.store.Now = clock.Now
	}
	open := func(context.Context) (spec.Store, error) { return m.open(), nil }
	return &Opened{
		Time: lived, Profile: profile.Default,
		Name: "memory", Version: Version, Runtime: "go " + strings.TrimPrefix(runtime.Version(), "go"),
		Capabilities: spec.CapabilitiesOf(memoryTarget{}.open()),
		Subject: conformance.Subject{
			Name: "memory", Open: open, OpenForeign: open, Disposable: true, Granularity: time.Millisecond, Clock: clock,
		},
		RealTime: func(context.Context) (spec.Store, error) { return onMachine.open(), nil },
		Notes:    func() []string { return nil },
		Close:    func() error { return nil },
	}, nil
}
