package fuzz

import (
	"context"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/model"
)

// callSeeds are calls on three ids, two bytes each: the first byte chooses the call and the id, the second is a life, or a step of time.
var callSeeds = [][]byte{
	{},
	{0, 200, 1, 0},                    // set, get
	{0, 10, 7, 20, 1, 0, 2, 90, 1, 0}, // set, time, get, touch, get
	{0, 90, 3, 0, 2, 90, 1, 0, 5, 0},  // set, destroy, touch, get, length
	{0, 5, 8, 90, 16, 40, 7, 30, 4, 0, 5, 0, 1, 0},  // three sets, time, all, length, get
	{0, 90, 8, 5, 6, 0, 0, 7, 7, 6, 2, 9, 7, 2, 9},  // clear, and an odd byte at the end
	{0, 5, 7, 5, 1, 0, 4, 0, 5, 0},                  // set, its life to the instant, get, all, length
	{0, 90, 2, 20, 1, 0, 7, 30, 1, 0, 2, 50, 1, 0},  // set, a touch that shortens, get, time, get, touch, get
	{0, 255, 7, 255, 7, 255, 7, 255, 1, 0, 2, 0, 1}, // for ever
	{0, 5, 8, 90, 7, 30, 5, 1, 5, 0, 0, 9, 5, 0},    // an expired session is counted, or swept up, and set again
	{0, 255, 0, 255, 2, 255, 1, 0, 7, 8, 0, 9, 2, 255, 1, 0},
}

// FuzzMemorystore compares every answer of the memory store with the model's.
func FuzzMemorystore(f *testing.F) {
	for _, calls := range callSeeds {
		f.Add(calls)
	}
	clock := conformance.NewManualClock()
	s := memorystore.New(memorystore.Options{Now: clock.Now, Max: 3})
	sweep := func(context.Context) (int, error) { return s.Prune(), nil }
	f.Fuzz(func(t *testing.T, calls []byte) { play(t, "memory", tried{s, sweep, true}, clock, calls) })
}

// FuzzFilestore compares every answer of the file store with the model's. Not with npm's encryption, which derives a key for every file.
func FuzzFilestore(f *testing.F) {
	for _, calls := range callSeeds {
		f.Add(calls)
	}
	clock := conformance.NewManualClock()
	stores := map[string]*filestore.Store{}
	for _, name := range []string{"npm", "native", "native, encrypted"} {
		o := fileStores[name]
		o.Now = clock.Now
		stores[name] = open(f, f.TempDir(), o)
	}
	f.Fuzz(func(t *testing.T, calls []byte) {
		for name, s := range stores {
			play(t, name, tried{s, s.Reap, false}, clock, calls)
		}
	})
}

// A reference store has all methods of the contract.
type reference interface {
	spec.Store
	spec.Toucher
	spec.Lister
	spec.Clearer
	spec.Counter
}

type tried struct {
	reference
	sweep func(context.Context) (int, error)
	// exact: length leaves out what has expired, also where nothing has swept it up.
	exact bool
}

func play(t *testing.T, name string, s tried, clock *subject.ManualClock, calls []byte) {
	ctx := t.Context()
	if err := s.Clear(ctx); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	rules := model.Rules{
		Cookies: true, PastIsMissing: true, TouchMissingNoError: true, ExpiredStaysDead: true, TouchShortens: true,
		AllExcludesExpired: true,
	}
	states := model.Empty()
	for n := 0; len(calls) >= 2; n++ {
		what, span := calls[0]&7, calls[1]
		id := string('a' + rune(calls[0]>>3%3))
		calls = calls[2:]
		cookie := spec.NewCookie()
		if span < 255 {
			cookie.SetMaxAge(clock.Now(), time.Duration(span)*time.Second)
		}
		session := spec.NewSession(cookie)
		if err := session.Set("n", n); err != nil {
			t.Fatal(err)
		}
		op, answer := model.Op{ID: id, Session: session}, model.Answer{}
		switch what {
		case 0:
			op.Kind, answer.Err = model.Set, s.Set(ctx, id, session)
		case 1:
			op.Kind = model.Get
			answer.Session, answer.Err = s.Get(ctx, id)
		case 2:
			op.Kind, answer.Err = model.Touch, s.Touch(ctx, id, session)
		case 3:
			op.Kind, answer.Err = model.Destroy, s.Destroy(ctx, id)
		case 4:
			op.Kind = model.All
			answer.Sessions, answer.Err = s.All(ctx)
		case 5:
			op.Kind, rules.LengthExcludesExpired = model.Length, s.exact || span%2 == 0
			if span%2 == 0 {
				if _, err := s.sweep(ctx); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			answer.N, answer.Err = s.Length(ctx)
		case 6:
			op.Kind, answer.Err = model.Clear, s.Clear(ctx)
		default:
			clock.Advance(time.Duration(span) * time.Second)
			continue
		}
		now := model.Window{From: clock.Now(), To: clock.Now()}
		after := states.Step(rules, op, answer, now)
		if len(after) == 0 {
			t.Fatalf("%s, call %d, %s\nwanted %s\ngot    %s", name, n, op, states.Wanted(rules, op, now), model.Got(op, answer))
		}
		states = after
	}
}
