package node_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/spec/probe"
)

// TestFidelity: JSON.stringify of the session that the store gets is the session that was sent, and a correct store returns it.
func TestFidelity(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "good.js")
	const cookie = `"cookie":{"originalMaxAge":60000,"expires":"2030-01-01T00:00:00.000Z","httpOnly":true,"path":"/"}`
	for _, session := range []string{
		`{` + cookie + `}`,
		`{"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"}}`,
		`{"cookie":{"originalMaxAge":0,"expires":"2020-01-01T00:00:00.001Z","secure":true,"httpOnly":false,"domain":"example.com","path":"/a","sameSite":"lax","partitioned":true,"priority":"high"}}`,
		`{"cookie":{"originalMaxAge":5}}`,
		`{"cookie":{}}`,
		`{"cookie":null}`,
		`{"a":1}`,
		`{` + cookie + `,"constructor":1,"toString":"x","hasOwnProperty":null,"__proto__":{"x":1},"save":1,"touch":[],"reload":{},"valueOf":2}`,
		`{` + cookie + `,"":0,"1":1,"a.b":2,"$c":3,"\u0000":4,"\ud800":"\udfff","deep":{"__proto__":1,"list":[null,{"constructor":[]}]}}`,
		`{` + cookie + `,"n":[1e308,-0.5,5e-324,9007199254740991,1e21],"t":"\u2028\"\\😀"}`,
	} {
		o := do(t, s, probe.Call{Method: "set", ID: "a", Session: json.RawMessage(session), Watch: true})
		if o.Err("set") != nil {
			t.Fatalf("%s: %s", session, show(o))
		}
		sameJSON(t, o.Before, json.RawMessage(session))
		sameJSON(t, o.After, json.RawMessage(session))
		sameJSON(t, do(t, s, probe.Call{Method: "get", ID: "a"}).Value, json.RawMessage(session))
	}
}

// TestMiddlewareSession looks at the session as the store gets it.
func TestMiddlewareSession(t *testing.T) {
	t.Parallel()
	p := start(t, factory(t, `session => Object.assign(new session.Store(), {
		get () {},
		destroy () {},
		set (id, s, callback) {
			callback(null, [s instanceof session.Session, s.cookie instanceof session.Cookie, s.cookie.expires instanceof Date,
				s.cookie.maxAge > 1e9, s.cookie.originalMaxAge, s.id === id, s.req.session === s, s.req.sessionStore === this, s.extra === 3n])
		}
	})`))
	s := openIn(t, p)
	session := json.RawMessage(`{"cookie":{"originalMaxAge":5,"expires":"2100-01-01T00:00:00.000Z","path":"/","httpOnly":true}}`)
	o := do(t, s, probe.Call{Method: "set", ID: "a", Session: session, Expression: `{extra: 3n}`, Watch: true})
	if got := string(o.Value); got != "[true,true,true,true,5,true,true,true,true]" {
		t.Errorf("the middleware's session: %s", got)
	}
	if o.Before != nil {
		t.Errorf("a session with a bigint has the JSON text %s", o.Before)
	}
	if o.Extra != 1 {
		t.Errorf("set called back with a result, and extra is %d", o.Extra)
	}
	o = do(t, s, probe.Call{Method: "set", ID: "a", Session: session, Plain: true, Expression: `{id: 'a', req: {}}`})
	if got := string(o.Value); got != "[false,false,false,false,5,true,false,false,false]" {
		t.Errorf("the plain session: %s", got)
	}
}

func TestSessionsThatCannotBe(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "good.js")
	for _, test := range []struct{ session, expression, want string }{
		{`{"id":1}`, "", "named id"},
		{`{"req":1}`, "", "named req"},
		{`{}`, "{id: 1}", "named id"},
		{`{"cookie":{"colour":"red"}}`, "", "named colour"},
		{`{"cookie":{"expires":"tomorrow"}}`, "", "the time tomorrow"},
		{`[]`, "", "must be a JSON object"},
		{`{}`, "{", "the expression { failed: SyntaxError"},
		{`{}`, "3", "gives no object"},
	} {
		_, err := s.Do(t.Context(), probe.Call{Method: "set", ID: "a", Session: json.RawMessage(test.session), Expression: test.expression})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %s: %v", test.session, test.expression, err)
		}
	}
	if o := do(t, s, probe.Call{Method: "get", ID: "a"}); o.Kind != "undefined" {
		t.Errorf("something was stored: %s", show(o))
	}
}

// A cookie whose end is a date in _expires is shown as createSession reads it; nothing reads a text there.
func TestCookieAsRead(t *testing.T) {
	t.Parallel()
	for end, want := range map[string]string{
		`_expires: new Date(0)`:                       `"expires":"1970-01-01T00:00:00.000Z"`,
		`_expires: null`:                              `"expires":null`,
		`_expires: '1970-01-01T00:00:00.000Z'`:        `"_expires":"1970-01-01T00:00:00.000Z"`,
		`expires: '2000-01-01', _expires: new Date()`: `"expires":"2000-01-01"`,
	} {
		p := start(t, factory(t, `session => Object.assign(new session.Store(), {
			set () {},
			destroy () {},
			get (id, callback) { callback(null, { a: 1, cookie: { path: '/', `+end+` } }) },
			all (callback) { this.get('', (e, s) => callback(e, [s, null])) }
		})`))
		s := openIn(t, p)
		for _, method := range []string{"get", "all"} {
			if got := string(do(t, s, probe.Call{Method: method, ID: "a"}).Value); !strings.Contains(got, want) {
				t.Errorf("%s of %s: got %s, want %s", method, end, got, want)
			}
		}
	}
}

// A session of a store that keeps the fields of the Cookie itself can be touched, as the middleware does: its JSON has what a Cookie writes.
// A member that no Cookie has is refused.
func TestCookieFields(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "good.js")
	const kept = `{"cookie":{"path":"/","_expires":"2030-01-01T00:00:00.000Z","originalMaxAge":60000,"httpOnly":true,"data":{}}}`
	const written = `{"cookie":{"originalMaxAge":60000,"expires":"2030-01-01T00:00:00.000Z","httpOnly":true,"path":"/"}}`
	o := do(t, s, probe.Call{Method: "touch", ID: "a", Session: json.RawMessage(kept), Watch: true})
	if o.Err("touch") != nil {
		t.Fatal(show(o))
	}
	sameJSON(t, o.Before, json.RawMessage(written))
	_, err := s.Do(t.Context(), probe.Call{Method: "touch", ID: "a", Session: json.RawMessage(`{"cookie":{"colour":"red"}}`)})
	if err == nil || !strings.Contains(err.Error(), "a member named colour") {
		t.Errorf("got %v", err)
	}
}
