package memorystore_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"
	"github.com/leanovate/gopter/gen"

	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// bound is what the store and the model of it may hold.
const bound = 20

// naive is a bounded store written for plainness: ids in the order of their use, the last one last. Its methods change a copy.
type naive struct {
	order   []string
	weights map[string]int
	evicted []string
}

func (m naive) without(id string) naive {
	m.order = slices.DeleteFunc(slices.Clone(m.order), func(other string) bool { return other == id })
	return m
}

func (m naive) use(id string) naive {
	if slices.Contains(m.order, id) {
		m = m.without(id)
		m.order = append(m.order, id)
	}
	return m
}

func (m naive) set(id string, weight int) naive {
	if weight > bound {
		return m
	}
	m = m.without(id)
	m.order = append(m.order, id)
	m.weights = maps.Clone(m.weights)
	m.weights[id] = weight
	m.evicted = slices.Clone(m.evicted)
	for m.total() > bound {
		m.evicted = append(m.evicted, m.order[0])
		m.order = m.order[1:]
	}
	return m
}

func (m naive) total() (total int) {
	for _, id := range m.order {
		total += m.weights[id]
	}
	return total
}

// newest returns the ids in the order in which the store tells them.
func (m naive) newest() string {
	order := slices.Clone(m.order)
	slices.Reverse(order)
	return strings.Join(order, "")
}

// bounded is the store with what it has evicted.
type bounded struct {
	*memorystore.Store
	t       *testing.T
	evicted []string
}

func newBounded(t *testing.T) *bounded {
	b := &bounded{t: t}
	b.Store = memorystore.New(memorystore.Options{
		Max:    bound,
		Weight: func(_ string, s *spec.Session) (w int64) { _, _ = s.Decode("n", &w); return w },
		Dispose: func(id string, _ *spec.Session, why memorystore.Reason) {
			if why == memorystore.Evicted {
				b.evicted = append(b.evicted, id)
			}
		},
	})
	return b
}

// A use is a call that may change the order.
type use struct {
	do     string
	id     string
	weight int
}

func (u use) String() string {
	if u.do == "set" {
		return fmt.Sprintf("set(%s, weight %d)", u.id, u.weight)
	}
	return u.do + "(" + u.id + ")"
}

// seen is what the store shows after a use.
type seen struct {
	order   string
	evicted []string
	err     error
}

func (u use) Run(sut commands.SystemUnderTest) commands.Result {
	b := sut.(*bounded)
	ctx := b.t.Context()
	var err error
	switch u.do {
	case "set":
		err = b.Set(ctx, u.id, numbered(u.weight))
	case "get":
		_, err = b.Get(ctx, u.id)
	case "touch":
		err = b.Touch(ctx, u.id, numbered(0))
	case "destroy":
		err = b.Destroy(ctx, u.id)
	}
	return seen{ids(b.t, b.Store), slices.Clone(b.evicted), err}
}

func (u use) PreCondition(commands.State) bool { return true }

func (u use) NextState(state commands.State) commands.State {
	m := state.(naive)
	switch u.do {
	case "set":
		return m.set(u.id, u.weight)
	case "destroy":
		return m.without(u.id)
	}
	return m.use(u.id)
}

// PostCondition is given the state after the use.
func (u use) PostCondition(state commands.State, result commands.Result) *gopter.PropResult {
	m, got := state.(naive), result.(seen)
	heavy := u.do == "set" && u.weight > bound
	right := got.order == m.newest() && slices.Equal(got.evicted, m.evicted) && errors.Is(got.err, memorystore.ErrTooHeavy) == heavy && (got.err == nil) == !heavy
	return gopter.NewPropResult(right, fmt.Sprintf("%s: order %q, evicted %q, error %v; want order %q, evicted %q", u, got.order, got.evicted, got.err, m.newest(), m.evicted))
}

// simpler tries an earlier id, and less weight.
func simpler(v any) gopter.Shrink {
	u := v.(use)
	var tries []use
	for id := 'a'; id < rune(u.id[0]); id++ {
		tries = append(tries, use{u.do, string(id), u.weight})
	}
	for _, weight := range []int{0, u.weight / 2, u.weight - 1} {
		if weight >= 0 && weight < u.weight {
			tries = append(tries, use{u.do, u.id, weight})
		}
	}
	return func() (any, bool) {
		if len(tries) == 0 {
			return nil, false
		}
		next := tries[0]
		tries = tries[1:]
		return next, true
	}
}

func uses(commands.State) gopter.Gen {
	return func(p *gopter.GenParameters) *gopter.GenResult {
		u := use{do: []string{"set", "set", "get", "touch", "destroy"}[p.Rng.Intn(5)], id: string('a' + rune(p.Rng.Intn(26)))}
		if u.do == "set" {
			u.weight = p.Rng.Intn(24)
		}
		return gopter.NewGenResult(u, simpler)
	}
}

// What was used least recently is evicted, whatever the calls before were.
func TestOrderByModel(t *testing.T) {
	for seed := range int64(2) {
		parameters := gopter.DefaultTestParametersWithSeed(seed)
		parameters.MinSize, parameters.MaxSize = 10, 100
		if testing.Short() {
			parameters.MinSuccessfulTests = 25
		}
		result := commands.Prop(&commands.ProtoCommands{
			NewSystemUnderTestFunc:     func(commands.State) commands.SystemUnderTest { return newBounded(t) },
			DestroySystemUnderTestFunc: func(sut commands.SystemUnderTest) { must(t, sut.(*bounded).Close()) },
			InitialStateGen:            gen.Const(naive{weights: map[string]int{}}),
			GenCommandFunc:             uses,
		}).Check(parameters)
		if !result.Passed() {
			t.Errorf("seed %d: %s\n%v\n%v", seed, result.Status, result.Labels, result.Args)
		}
	}
}
