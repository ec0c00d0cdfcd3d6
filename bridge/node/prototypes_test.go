package node_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/spec/probe"
)

// TestPrototypes changes prototypes in a store, and looks at what the host tells of it and leaves of it.
func TestPrototypes(t *testing.T) {
	t.Parallel()
	const store = `const store = {
		rows: {},
		get (id, callback) { callback(null, { loop: Object.keys(Object.fromEntries((() => { const l = []; for (const k in {}) l.push([k, 1]); return l })())), rows: {}.rows }) },
		set (id, session, callback) { set?.(id, session); callback(null) },
		destroy (id, callback) { callback(null) }
	}; return store`
	for name, tt := range map[string]struct{ change, set, want string }{
		"an addition": {change: `Object.prototype.extra = function () {}`, want: "prototype: Object.prototype.extra was added"},
		"a removal":   {change: `delete Array.prototype.at`, want: "prototype: Array.prototype.at was removed"},
		"a replacement": {
			change: `Array.prototype.map = function (f) { return [] }`, want: "prototype: Array.prototype.map was replaced",
		},
		"other results": {
			change: `JSON.stringify = { stringify (value, replacer, space) { return '{}' } }.stringify`, want: "prototype: JSON.stringify was replaced",
		},
		"toJSON":      {change: `Object.prototype.toJSON = function () { return 1 }`, want: "prototype: Object.prototype.toJSON was added"},
		"an accessor": {change: `String.prototype.__defineGetter__('red', function () { return this })`, want: "prototype: String.prototype.red was added"},
		"later":       {set: `() => { Object.prototype.later ??= () => {} }`, want: "prototype: Object.prototype.later was added"},
		"pollution":   {set: `id => { ({})[id].rows = 'a' }`, want: "pollution: Object.prototype.rows was added"},
		"a polyfill":  {change: `Object.defineProperty(Array.prototype, 'last', { value () { return this[0] } })`},
		"a wrapper":   {change: `const { at } = Array.prototype; Array.prototype.at = { at (i) { return at.call(this, i) } }.at`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := "undefined"
			if tt.set != "" {
				set = tt.set
			}
			p := start(t, factory(t, `(session, env) => { `+tt.change+`; const set = `+set+`; `+store+` }`))
			s := openIn(t, p)
			session := json.RawMessage(`{"cookie":{"originalMaxAge":60000,"expires":"2100-01-01T00:00:00.000Z","httpOnly":true,"path":"/"},"n":[1]}`)
			for range 2 {
				do(t, s, probe.Call{Method: "set", ID: "__proto__", Session: session})
			}
			if v := summary(t, do(t, s, probe.Call{Method: "get", ID: "a"})); v["rows"] != nil || len(v["loop"].([]any)) > 0 {
				t.Errorf("left behind: %v", v)
			}
			if got := changesTold(t, s); tt.set == "" && got != tt.want || !strings.HasPrefix(got, tt.want) {
				t.Errorf("told %q, want %q", got, tt.want)
			}
		})
	}
}

// changesTold are the kinds and texts of all events.
func changesTold(t *testing.T, s *bridge.Store) string {
	t.Helper()
	events, err := s.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, e := range events {
		told = append(told, e.Kind+": "+e.Text)
	}
	return strings.Join(told, ", ")
}
