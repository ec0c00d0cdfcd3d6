package node_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec/probe"
)

const settle = 150 * time.Millisecond

// TestVices makes a get on a store with one vice, or one unusual habit, and compares the outcome.
func TestVices(t *testing.T) {
	requireExpress(t)
	get := probe.Call{Method: "get", ID: "a", Settle: settle}
	with := func(change func(*probe.Call)) probe.Call {
		c := get
		change(&c)
		return c
	}
	throwing := with(func(c *probe.Call) { c.Callback = probe.CallbackThrows })
	without := with(func(c *probe.Call) { c.Callback = probe.CallbackNone })
	hurried := with(func(c *probe.Call) { c.Timeout = 50 * time.Millisecond })
	patient := with(func(c *probe.Call) { c.Timeout = 3 * time.Minute })
	id := func(id string) probe.Call { return with(func(c *probe.Call) { c.ID = id }) }

	for _, test := range []struct {
		name, module string
		call         probe.Call
		want         string
	}{
		{"a miss", "good.js", get, "1 undefined"},
		{"a throwing callback of a good store", "good.js", throwing, "1 undefined"},
		{"a missing method", "es-module.mjs", probe.Call{Method: "clear", Settle: settle}, "0 thrown(TypeError: store.clear is not a function)"},
		{"calls back at once", "calls-at-once.js", get, `1 synchronous object {"id":"a"}`},
		{"at once, and the callback throws", "calls-at-once.js", throwing, `1 synchronous object {"id":"a"}`},
		{"async methods", "async-methods.js", get, `1 object {"id":"a"}`},
		{"async methods, and the callback throws", "async-methods.js", throwing, `1 object {"id":"a"}`},
		{"async methods without a callback", "async-methods.js", without, "0 rejected(TypeError: callback is not a function) uncaught(TypeError: callback is not a function)"},
		{"promises only", "promises-only.js", hurried, "0 timed-out"},
		{"calls twice", "calls-twice.js", get, `2 object {"id":"a"}`},
		{"calls again later", "calls-again-later.js", get, `2 synchronous object {"id":"a"}`},
		{"calls again when thrown at", "calls-again-when-thrown-at.js", throwing, `2 object {"id":"a"}`},
		{"calls again when thrown at, but is not", "calls-again-when-thrown-at.js", get, `1 object {"id":"a"}`},
		{"throws", "throws.js", get, "0 thrown(RangeError: thrown (code E_THROWN))"},
		{"calls back with a text", "throws-text.js", get, "1 error(string: no such table, no Error) undefined"},
		{"rejects", "rejects.js", get, "0 rejected(Error: rejected) uncaught(Error: rejected)"},
		{"rejects and handles it", "rejects-handled.js", get, "1 error(Error: rejected) undefined rejected(Error: rejected)"},
		{"never calls back", "never-calls-back.js", hurried, "0 timed-out"},
		{"throws in a timer", "throws-in-a-timer.js", get, "1 undefined uncaught(Error: in a timer)"},
		{"throws in a timer instead", "throws-instead.js", patient, "0 timed-out uncaught(Error: instead)"},
		{"throws in a microtask", "throws-in-a-microtask.js", get, "1 undefined uncaught(Error: in a microtask)"},
		{"leaves a rejection", "leaves-a-rejection.js", get, "1 undefined uncaught(Error: left alone)"},
		{"blocks longer than the timeout", "blocks.js", hurried, `1 object {"id":"a"}`},
		{"blocks longer than the timeout, and goes on", "blocks-first.js", hurried, `1 object {"id":"a"}`},
		{"prints", "prints.js", get, "1 undefined"},
		{"writes raw", "writes-raw.js", get, "1 undefined"},
		{"replaces timers", "replaces-timers.js", hurried, "0 timed-out"},
		{"a ring", "answers-oddly.js", id("ring"), "1 object without JSON text"},
		{"a bigint", "answers-oddly.js", id("bigint"), "1 bigint"},
		{"a symbol", "answers-oddly.js", id("symbol"), "1 symbol"},
		{"null", "answers-oddly.js", id("missing"), "1 null null"},
		{"an array", "answers-oddly.js", id("list"), "1 array [1]"},
		{"a lone surrogate", "answers-oddly.js", id("surrogate"), `1 string "\ud800"`},
		{"too many arguments", "answers-oddly.js", id("many"), "1 number 1 extra=2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, _ := open(t, test.module)
			o := do(t, s, test.call)
			if got := show(o); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if o.Callbacks > 0 && o.Elapsed <= 0 {
				t.Errorf("a callback came after %v", o.Elapsed)
			}
			if test.want == "1 undefined" {
				for _, e := range events(t, s) {
					if e.Kind != "output" {
						t.Errorf("unexpected event %+v", e)
					}
				}
			}
		})
	}
}

// show writes an outcome in one line.
func show(o probe.Outcome) string {
	words := []string{string(rune('0' + o.Callbacks))}
	add := func(condition bool, word string) {
		if condition {
			words = append(words, word)
		}
	}
	fault := func(name string, f *probe.Fault) {
		if f != nil {
			text := f.String()
			if f.NotError {
				text += ", no Error"
			}
			words = append(words, name+"("+text+")")
		}
	}
	add(o.Synchronous, "synchronous")
	add(o.TimedOut, "timed-out")
	fault("error", o.Error)
	add(o.Kind != "", o.Kind)
	add(o.Value != nil, string(o.Value))
	add(o.Extra > 0, "extra="+string(rune('0'+o.Extra)))
	fault("thrown", o.Thrown)
	fault("rejected", o.Rejected)
	for i := range o.Uncaught {
		fault("uncaught", &o.Uncaught[i])
	}
	return strings.Join(words, " ")
}

func TestLateCallback(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "calls-again-later.js")
	if o := do(t, s, probe.Call{Method: "get", ID: "late"}); o.Callbacks != 1 {
		t.Errorf("%d callbacks before the second", o.Callbacks)
	}
	e := awaitEvent(t, s, "lateCallback")
	if e.Method != "get" || e.ID != "late" || e.Fault == nil || e.Fault.Message != "again" || e.At == 0 {
		t.Errorf("got %+v", e)
	}
}

func TestUncaughtWhenIdle(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "throws-when-idle.js")
	if o := do(t, s, probe.Call{Method: "get", ID: "a"}); o.Uncaught != nil {
		t.Errorf("too early: %v", o.Uncaught)
	}
	e := awaitEvent(t, s, "uncaughtException")
	if e.Fault == nil || e.Fault.Message != "when idle" || e.Method != "get" {
		t.Errorf("got %+v", e)
	}
}

// TestPlaces: an uncaught error shows the store's file and line, not those of the host or of Node.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for module, want := range map[string]string{
		"throws-in-a-timer.js":     "throws-in-a-timer.js:6",
		"throws-in-a-microtask.js": "throws-in-a-microtask.js:6",
		"leaves-a-rejection.js":    "leaves-a-rejection.js:6",
		"prints-a-number.js":       "prints-a-number.js:6",
	} {
		s, _ := open(t, module)
		o := do(t, s, probe.Call{Method: "get", ID: "a", Settle: settle})
		if len(o.Uncaught) != 1 || filepath.Base(o.Uncaught[0].Place()) != want {
			t.Errorf("%s: got %s of %+v, want %s", module, show(o), o.Uncaught, want)
		}
	}
}

// TestAttribution has many calls in flight at once. One of them throws.
func TestAttribution(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "throws-in-a-timer.js")
	innocent := make(chan probe.Outcome)
	for range 5 {
		go func() {
			o, _ := s.Do(t.Context(), probe.Call{Method: "all", Settle: settle})
			innocent <- o
		}()
	}
	if o := do(t, s, probe.Call{Method: "get", ID: "a", Settle: settle}); len(o.Uncaught) != 1 {
		t.Errorf("the culprit shows %v", o.Uncaught)
	}
	for range 5 {
		if o := <-innocent; o.Uncaught != nil || o.Callbacks != 1 {
			t.Errorf("an innocent call shows %s", show(o))
		}
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "changes-its-argument.js")
	session := json.RawMessage(`{"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"},"n":1}`)
	o := do(t, s, probe.Call{Method: "set", ID: "a", Session: session, Watch: true})
	sameJSON(t, o.Before, session)
	sameJSON(t, o.After, json.RawMessage(strings.Replace(string(session), `"n":1`, `"n":1,"touchedAt":1`, 1)))

	// Class bodies are strict: writing to a frozen session throws.
	o = do(t, s, probe.Call{Method: "set", ID: "a", Session: session, Frozen: true})
	if o.Thrown == nil || o.Thrown.Name != "TypeError" {
		t.Errorf("writing to a frozen session: %s", show(o))
	}
}

func TestFrozen(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "good.js")
	session := json.RawMessage(`{"cookie":{"originalMaxAge":1,"expires":"2030-01-01T00:00:00.000Z"},"deep":{"list":[{"a":1}]}}`)
	o := do(t, s, probe.Call{
		Method: "set", ID: "a", Session: session, Frozen: true, Keep: true,
		Expression: `{date: new Date(0), bytes: new Uint8Array(2)}`,
	})
	if o.Err("set") != nil {
		t.Fatal(show(o))
	}
	for _, path := range [][]string{{"new"}, {"deep", "new"}, {"deep", "list", "0", "a"}} {
		if err := s.Change(t.Context(), o.Argument, path, json.RawMessage("1")); err == nil {
			t.Errorf("%v could be changed", path)
		}
	}
	// The middleware itself moves the expiry on every request.
	if err := s.Change(t.Context(), o.Argument, []string{"cookie", "maxAge"}, json.RawMessage("60000")); err != nil {
		t.Error(err)
	}
}

func TestHandles(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "shares-its-objects.js")
	ctx := t.Context()
	set := do(t, s, probe.Call{Method: "set", ID: "a", Keep: true, Session: json.RawMessage(`{"cookie":{"path":"/"},"a":{"b":1}}`)})
	if set.Argument == "" || set.Result != "" {
		t.Fatalf("handles %q and %q", set.Argument, set.Result)
	}
	get := do(t, s, probe.Call{Method: "get", ID: "a", Keep: true})
	if err := s.Change(ctx, get.Result, []string{"a", "b"}, json.RawMessage(`[2]`)); err != nil {
		t.Fatal(err)
	}
	if err := s.Change(ctx, get.Result, []string{"__proto__"}, json.RawMessage(`{"x":1}`)); err != nil {
		t.Fatal(err)
	}
	text, err := s.Read(ctx, set.Argument)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, text, json.RawMessage(`{"cookie":{"path":"/"},"a":{"b":[2]},"__proto__":{"x":1}}`))

	again := do(t, s, probe.Call{Method: "set", ID: "b", Argument: set.Argument, Watch: true})
	sameJSON(t, again.Before, text)

	for _, bad := range []struct {
		path []string
		want string
	}{
		{[]string{"a", "c", "d"}, "no member c"},
		{[]string{"a", "b", "length", "d"}, "no object"},
		{[]string{"toString", "name"}, "no member toString"},
	} {
		if err := s.Change(ctx, get.Result, bad.path, json.RawMessage(`1`)); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%v: %v", bad.path, err)
		}
	}
	if _, err := s.Read(ctx, "h99"); err == nil || !strings.Contains(err.Error(), "h99") {
		t.Errorf("an unknown handle: %v", err)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "emits.js")
	o := do(t, s, probe.Call{Method: "get", ID: "a", Settle: settle})
	if len(o.Uncaught) != 1 || o.Uncaught[0].Message != "connection lost" {
		t.Errorf("an error event without a listener: %s", show(o))
	}
	var kinds []string
	for _, e := range events(t, s) {
		kinds = append(kinds, e.Kind)
	}
	if got := strings.Join(kinds, " "); got != "disconnect connect error" {
		t.Errorf("got %s", got)
	}
}

func TestOutput(t *testing.T) {
	t.Parallel()
	s, p := open(t, "prints.js")
	do(t, s, probe.Call{Method: "get", ID: "a"})
	list := events(t, s)
	if len(list) != 201 || list[0].Text != "line 0" || !strings.Contains(list[200].Text, "301 more") {
		t.Errorf("%d events, the last %+v", len(list), list[len(list)-1])
	}
	p.Close()
	if !strings.Contains(p.stderr.String(), "line 499\n") {
		t.Error("the store's output did not come out of standard error")
	}
}

func TestResources(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "leaves-timers.js")
	look := func() (v struct {
		Timers    int
		Resources map[string]int
		HeapUsed  float64
	},
	) {
		o := do(t, s, probe.Call{Method: "resources"})
		if err := json.Unmarshal(o.Value, &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := look(); v.Timers != 0 || len(v.Resources) != 0 || v.HeapUsed < 1e6 {
		t.Errorf("before: %+v", v)
	}
	do(t, s, probe.Call{Method: "get", ID: "a"})
	if v := look(); v.Timers != 2 || v.Resources["Timeout"] != 2 {
		t.Errorf("after: %+v", v)
	}
}

func TestExit(t *testing.T) {
	t.Parallel()
	s, p := open(t, "exits.js")
	_, err := s.Do(t.Context(), probe.Call{Method: "get", ID: "a"})
	if err == nil {
		t.Fatal("the call was answered")
	}
	p.Close()
	if got := p.stderr.String(); !strings.Contains(got, "storecheck: the store called process.exit(7)\nat ") || !strings.Contains(got, "exits.js:") {
		t.Errorf("its last words are %q", got)
	}
}

func TestChildOutlives(t *testing.T) {
	t.Parallel()
	s, p := open(t, "leaves-a-child.js")
	if o := do(t, s, probe.Call{Method: "get", ID: "a"}); o.Kind != "object" {
		t.Fatal(show(o))
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}
