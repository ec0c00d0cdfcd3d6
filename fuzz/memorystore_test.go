package fuzz

import (
	"context"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/model"
)

// FuzzMemorystore reads the input as calls on three ids, two bytes each, and compares every answer with the model's: the first byte chooses
// the call and the id, the second is a life, or a step of time.
func FuzzMemorystore(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 200, 1, 0})                                  // set, get
	f.Add([]byte{0, 10, 7, 20, 1, 0, 2, 90, 1, 0})               // set, time, get, touch, get
	f.Add([]byte{0, 90, 3, 0, 2, 90, 1, 0, 5, 0})                // set, destroy, touch, get, length
	f.Add([]byte{0, 5, 8, 90, 16, 40, 7, 30, 4, 0, 5, 0, 1, 0})  // three sets, time, all, length, get
	f.Add([]byte{0, 90, 8, 5, 6, 0, 0, 7, 7, 6, 2, 9, 7, 2, 9})  // clear, and an odd byte at the end
	f.Add([]byte{0, 5, 7, 5, 1, 0, 4, 0, 5, 0})                  // set, its life to the instant, get, all, length
	f.Add([]byte{0, 90, 2, 20, 1, 0, 7, 30, 1, 0, 2, 50, 1, 0})  // set, a touch that shortens, get, time, get, touch, get
	f.Add([]byte{0, 255, 7, 255, 7, 255, 7, 255, 1, 0, 2, 0, 1}) // for ever
	f.Fuzz(func(t *testing.T, calls []byte) {
		ctx, clock := context.Background(), conformance.NewManualClock()
		s := memorystore.New(memorystore.Options{Now: clock.Now, Max: 3})
		rules := model.Rules{
			Cookies: true, PastIsMissing: true, TouchMissingNoError: true, ExpiredStaysDead: true, TouchShortens: true,
			AllExcludesExpired: true, LengthExcludesExpired: true,
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
				op.Kind = model.Length
				answer.N, answer.Err = s.Length(ctx)
			case 6:
				op.Kind, answer.Err = model.Clear, s.Clear(ctx)
			default:
				clock.Advance(time.Duration(span) * time.Second)
				if span%2 == 0 {
					s.Prune()
				}
				continue
			}
			now := model.Window{From: clock.Now(), To: clock.Now()}
			after := states.Step(rules, op, answer, now)
			if len(after) == 0 {
				t.Fatalf("call %d, %s\nwanted %s\ngot    %s", n, op, states.Wanted(rules, op, now), model.Got(op, answer))
			}
			states = after
		}
	})
}
