package node_test

import (
	"encoding/json"
	"testing"

	"github.com/storecheck/storecheck/spec/probe"
)

// TestBaseClass runs the methods that stores inherit. host/express.mjs describes the summary.
func TestBaseClass(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "good.js")
	session := json.RawMessage(`{"cookie":{"originalMaxAge":60000,"expires":"2100-01-01T00:00:00.000Z","httpOnly":true,"path":"/"},"n":1}`)
	set := func() { do(t, s, probe.Call{Method: "set", ID: "a", Session: session}) }
	set()
	found := map[string]any{
		"found": true, "isSession": true, "id": "a", "cookieIsCookie": true, "expires": "2100-01-01T00:00:00.000Z", "expiresIsDate": true,
		"originalMaxAge": 60000.0, "attached": true, "errorPassed": false,
	}
	for method, more := range map[string]map[string]any{"load": nil, "createSession": nil, "reload": {"replaced": true}} {
		v := summary(t, do(t, s, probe.Call{Method: method, ID: "a"}))
		if ms, _ := v["maxAge"].(float64); ms < 1e9 {
			t.Errorf("%s: maxAge %v", method, v["maxAge"])
		}
		text, _ := json.Marshal(v["session"])
		sameJSON(t, text, session)
		contains(t, method, v, found)
		contains(t, method, v, more)
	}
	for _, method := range []string{"load", "createSession"} {
		o := do(t, s, probe.Call{Method: method, ID: "missing"})
		contains(t, method, summary(t, o), map[string]any{"found": false, "errorPassed": false})
	}
	o := do(t, s, probe.Call{Method: "reload", ID: "missing"})
	if o.Error == nil {
		t.Error("reload of a missing session passes no error")
	}
	contains(t, "reload", summary(t, o), map[string]any{"found": false, "errorPassed": true, "replaced": false})

	generated := map[string]any{
		"isSession": true, "attached": true, "replaced": true, "generated": 1.0, "generatedBeforeDestroyed": false,
		"generatedBeforeCallback": true, "destroyedCalled": true, "errorPassed": false,
	}
	v := summary(t, do(t, s, probe.Call{Method: "regenerate", ID: "a"}))
	contains(t, "regenerate", v, generated)
	if v["id"] == "a" || v["id"] == "" {
		t.Errorf("the new id is %v", v["id"])
	}
	if o := do(t, s, probe.Call{Method: "get", ID: "a"}); o.Kind != "undefined" {
		t.Errorf("the old session is still there: %s", show(o))
	}
	// The spy on destroy is gone again.
	set()
	if o := do(t, s, probe.Call{Method: "destroy", ID: "a", Callback: probe.CallbackNone}); o.Thrown != nil {
		t.Error(show(o))
	}

	failing, _ := open(t, "fails-to-destroy.js")
	o = do(t, failing, probe.Call{Method: "regenerate", ID: "a"})
	generated["errorPassed"] = true
	contains(t, "regenerate", summary(t, o), generated)
	if o.Error == nil || o.Error.Message != "read-only" {
		t.Errorf("the error of destroy: %s", show(o))
	}
}

func TestWithoutBaseClass(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "bare.js")
	if got, want := s.Surface(), (probe.Surface{Class: "Object"}); got != want {
		t.Errorf("the surface is %+v", got)
	}
	for _, method := range []string{"load", "createSession", "reload", "regenerate"} {
		o := do(t, s, probe.Call{Method: method, ID: "a"})
		if o.Thrown == nil || o.Thrown.Name != "TypeError" {
			t.Errorf("%s: %s", method, show(o))
		}
	}
}

func TestSurface(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "generates.js")
	if got := s.Surface(); !got.Emitter || !got.Extensible || !got.Generate {
		t.Errorf("a store that defines generate: %+v", got)
	}
	ready, p := open(t, "ready.js")
	for _, s := range []interface{ Surface() probe.Surface }{ready, openIn(t, p)} {
		if got, want := s.Surface(), (probe.Surface{Emitter: true, Extensible: true, Class: "EventEmitter"}); got != want {
			t.Errorf("a store that is opened twice: %+v", got)
		}
	}
}

func summary(t *testing.T, o probe.Outcome) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(o.Value, &v); err != nil {
		t.Fatalf("%s: %v", show(o), err)
	}
	return v
}

func contains(t *testing.T, what string, got, want map[string]any) {
	t.Helper()
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: %s is %v, want %v", what, name, got[name], value)
		}
	}
}
