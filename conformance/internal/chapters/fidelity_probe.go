package chapters

import (
	"encoding/json"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// fidelityProbeChecks are the checks of the chapter fidelity that hand over values which JSON cannot carry.
var fidelityProbeChecks = []engine.Check{
	{Requirement: contract.FidelityJavaScriptValues, Body: fidelityJavaScriptValues},
	{Requirement: contract.FidelityDates, Body: fidelityDates},
	{Requirement: contract.FidelitySessionKinds, Body: fidelitySessionKinds},
}

// beyondJSON are expressions with values that JSON cannot carry, and the JSON that JSON.stringify makes of them.
var beyondJSON = []struct{ expression, want string }{
	{`{ nothing: undefined, nested: { nothing: undefined, list: [undefined] } }`, `{"nested":{"list":[null]}}`},
	{`{ method: function () {}, nested: { method () {}, list: [() => 1] } }`, `{"nested":{"list":[null]}}`},
	{`{ numbers: [NaN, Infinity, -Infinity] }`, `{"numbers":[null,null,null]}`},
	{`{ money: new (class { cents = 1250; toJSON () { return { euros: this.cents / 100 } } })() }`, `{"money":{"euros":12.5}}`},
}

func fidelityJavaScriptValues(t *engine.C) {
	for _, value := range beyondJSON {
		id, want := t.ID(), t.Session()
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(value.want), &members); err != nil {
			t.Broken(err)
		}
		base := want.JSON()
		for name, raw := range members {
			if err := want.SetRaw(name, raw); err != nil {
				t.Broken(err)
			}
		}
		out := t.Probe(probe.Call{Method: "set", ID: id, Session: base, Expression: value.expression})
		if err := out.Err("set"); err != nil {
			t.Fail("wanted    set to succeed with %s\ngot       %v", value.expression, err)
		}
		expectData(t, t.Get(id), want)
	}
}

func fidelityDates(t *engine.C) {
	const instant = "2020-02-03T04:05:06.789Z"
	id := t.ID()
	out := t.Probe(probe.Call{Method: "set", ID: id, Session: t.Session().JSON(), Expression: `{ when: new Date("` + instant + `") }`})
	if err := out.Err("set"); err != nil {
		t.Fail("wanted    set to succeed\ngot       %v", err)
	}
	got := t.Get(id)
	if got == nil {
		t.Fail("wanted    the session that was set\ngot       no session: it is missing")
	}
	if when, _ := got.Raw("when"); string(when) != `"`+instant+`"` {
		t.Fail("wanted    the Date %s\ngot       %s", instant, when)
	}
	if !t.Has(contract.NeedHandles) {
		return
	}
	if comesBackAsObject(t, id, "when") {
		t.Observe("a Date comes back as a Date")
		return
	}
	t.Observe("a Date comes back as its ISO string")
}

// comesBackAsObject tells a Date from its ISO string. Both are the same in JSON, but only an object takes another property.
func comesBackAsObject(t *engine.C, id, name string) bool {
	l := getLive(t, id)
	if t.Prober().Change(t, l.handle, []string{name, "added"}, json.RawMessage("true")) == nil {
		return true
	}
	readLive(t, l) // ends the check as broken where the target is
	return false
}
