package model_test

import (
	"fmt"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/model"
)

// A session is set and destroyed, a late request touches it, and the store brings it back.
func Example() {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	cookie := spec.NewCookie()
	cookie.SetMaxAge(now, time.Hour)
	session := spec.NewSession(cookie)

	rules, window := model.Rules{Granularity: time.Second}, model.Window{From: now, To: now}
	states := model.Empty()
	for _, call := range []struct {
		op     model.Op
		answer model.Answer
	}{
		{model.Op{Kind: model.Set, ID: "a", Session: session}, model.Answer{}},
		{model.Op{Kind: model.Destroy, ID: "a"}, model.Answer{}},
		{model.Op{Kind: model.Touch, ID: "a", Session: session}, model.Answer{}},
		{model.Op{Kind: model.Get, ID: "a"}, model.Answer{Session: session}},
	} {
		after := states.Step(rules, call.op, call.answer, window)
		if len(after) == 0 {
			fmt.Println(call.op)
			fmt.Println("wanted", states.Wanted(rules, call.op, window))
			fmt.Println("got   ", model.Got(call.op, call.answer))
			return
		}
		states = after
	}
	// Output:
	// get("a")
	// wanted no session
	// got    {"cookie":{"originalMaxAge":3600000,"expires":"2030-01-01T01:00:00.000Z","httpOnly":true,"path":"/"}}
}
