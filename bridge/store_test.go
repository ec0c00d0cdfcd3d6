package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

func session(t testing.TB, text string) *spec.Session {
	t.Helper()
	s, err := spec.ParseSession([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestStore goes through a correct store in another process, with every message checked against the schema.
func TestStore(t *testing.T) {
	ctx := t.Context()
	s := open(t, "none", Options{Check: checker(t)})
	if got, want := s.Capabilities(), (spec.Capabilities{Touch: true, All: true, Length: true}); got != want {
		t.Errorf("capabilities %+v, want %+v", got, want)
	}
	if got := s.Surface().Class; got != "*bridge.mapStore" {
		t.Errorf("class %q", got)
	}
	if got := s.Features(); got != (probe.Features{Bench: true, Place: true, Handles: true}) {
		t.Errorf("features %+v", got)
	}
	const text = `{"cookie":{"originalMaxAge":null,"expires":null},"lone":"\ud800\udC00\uDfff","big":12345678901234567890,"tiny":1e-400,"html":"<&>","b":1,"a":2}`
	ids := []string{"", "plain", "\xed\xa0\x80", "\xed\xa0\x81", "\ufffd", `"\`, "ü\x00\u2028😀"}
	for i, id := range ids {
		in := session(t, text)
		if err := in.Set("i", i); err != nil {
			t.Fatal(err)
		}
		if err := s.Set(ctx, id, in); err != nil {
			t.Fatal(err)
		}
	}
	for i, id := range ids {
		out, err := s.Get(ctx, id)
		if err != nil || out == nil {
			t.Fatalf("get %q: %v, %v", id, out, err)
		}
		want := fmt.Sprintf(`%s,"i":%d}`, text[:len(text)-1], i)
		// encoding/json writes <, > and & as escapes, which are the same characters.
		if got := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(out.JSON())); got != want {
			t.Errorf("get %q: %s, want %s", id, got, want)
		}
	}
	if err := s.Touch(ctx, "plain", session(t, `{"cookie":{"path":"/x"}}`)); err != nil {
		t.Error(err)
	}
	if out, err := s.Get(ctx, "plain"); err != nil || out.Cookie.Path() != "/x" || out.Len() < 6 {
		t.Errorf("after touch: %v, %v", out, err)
	}
	if n, err := s.Length(ctx); n != len(ids) || err != nil {
		t.Errorf("length %d, %v", n, err)
	}
	if all, err := s.All(ctx); len(all) != len(ids) || err != nil {
		t.Errorf("all %d, %v", len(all), err)
	}
	if err := s.Destroy(ctx, "plain"); err != nil {
		t.Error(err)
	}
	if out, err := s.Get(ctx, "plain"); out != nil || err != nil {
		t.Errorf("after destroy: %v, %v", out, err)
	}
	if err := s.Clear(ctx); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("clear: %v", err)
	}
	if _, err := s.Events(ctx); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.Get(ctx, "plain"); !isHostError(err, wire.CodeUnknown) {
		t.Errorf("after close: %v", err)
	}
}

func isHostError(err error, code int) bool {
	e, ok := errors.AsType[*HostError](err)
	return ok && e.Code == code && errors.Is(err, probe.ErrBroken)
}

// TestServedFaults: a mistake of a Go store is a failure of the store.
func TestServedFaults(t *testing.T) {
	ctx := t.Context()
	s := open(t, "none", Options{Check: checker(t)})
	for id, want := range map[string]string{
		"panics": "get threw panic: as told",
		"fails":  "get called back with *errors.errorString: as told",
	} {
		_, err := s.Get(ctx, id)
		if failure, ok := errors.AsType[*probe.Failure](err); !ok || failure.Error() != want || errors.Is(err, probe.ErrBroken) {
			t.Errorf("get %s: %v", id, err)
		}
	}
	if _, err := s.Get(ctx, "enoent"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("get enoent: %v", err)
	}
	// The call has no time of its own, so that of the context counts: its limit for answers, or a time before its end.
	ending, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for name, ctx := range map[string]context.Context{"limited": probe.WithLimit(ctx, 10*time.Millisecond), "ending": ending} {
		_, err := s.Get(ctx, "hangs")
		if failure, ok := errors.AsType[*probe.Failure](err); !ok || !failure.NoCallback() {
			t.Errorf("get hangs, %s: %v", name, err)
		}
	}
	if _, err := s.Do(ctx, probe.Call{Method: "get", Callback: probe.CallbackNone}); !isHostError(err, wire.CodeCannot) {
		t.Errorf("no callback: %v", err)
	}
	if _, err := s.Do(ctx, probe.Call{Method: "clear"}); !isHostError(err, wire.CodeCannot) {
		t.Errorf("clear: %v", err)
	}
	if _, err := s.Do(ctx, probe.Call{Method: "set", Session: json.RawMessage(`{}`)}); !isHostError(err, -32602) {
		t.Errorf("no session: %v", err)
	}
	if _, err := s.Do(ctx, probe.Call{Method: "set", Session: json.RawMessage(`{`)}); err == nil || errors.Is(err, probe.ErrBroken) {
		t.Errorf("no JSON: %v", err)
	}
	if _, err := s.Get(ctx, "\xff"); !isHostError(err, wire.CodeCannot) {
		t.Errorf("no text: %v", err)
	}
	if _, err := s.Read(ctx, "h"); !isHostError(err, wire.CodeUnknown) {
		t.Errorf("read: %v", err)
	}
	if _, err := s.p.Open(ctx, OpenParams{Backend: &Backend{URL: "redis://gone"}, Options: map[string]any{"fail": true}}); !isHostError(err, wire.CodeOpen) ||
		err.Error() != "the store could not be opened: no backend at redis://gone" {
		t.Errorf("open: %v", err)
	}
	if err := s.p.Err(); err != nil {
		t.Error(err)
	}
}

// TestOddAnswers: a result that the method does not have is a failure of the store, and the failure shows the result.
func TestOddAnswers(t *testing.T) {
	const ok = `{"callbacks":1,"kind":"%s","value":%s}`
	get := func(s *Store) (any, error) {
		v, err := s.Get(context.Background(), "a")
		if v == nil {
			return nil, err
		}
		return v, err
	}
	all := func(s *Store) (any, error) {
		v, err := s.All(context.Background())
		return len(v), err
	}
	length := func(s *Store) (any, error) { return s.Length(context.Background()) }
	for _, test := range []struct {
		name    string
		do      func(*Store) (any, error)
		outcome string
		want    string
	}{
		{"undefined", get, `{"callbacks":1,"kind":"undefined"}`, "<nil> <nil>"},
		{"null", get, fmt.Sprintf(ok, "null", "null"), "<nil> <nil>"},
		{"session", get, fmt.Sprintf(ok, "object", `{"cookie":{}}`), `{"cookie":{}} <nil>`},
		{"string", get, fmt.Sprintf(ok, "string", `"x"`), `<nil> get called back with a result that is no session: string: "x"`},
		{"false", get, fmt.Sprintf(ok, "boolean", `false`), `<nil> get called back with a result that is no session: boolean: false`},
		{"no cookie", get, fmt.Sprintf(ok, "object", `{"a":1}`), `<nil> get called back with a result that is no session: object: {"a":1}`},
		{"function", get, `{"callbacks":1,"kind":"function"}`, `<nil> get called back with a result that is no session: function`},
		{"silence", get, `{"callbacks":0,"timedOut":true}`, `<nil> get never called back`},
		{"array", all, fmt.Sprintf(ok, "array", `[{"cookie":{}},{"cookie":{}}]`), "2 <nil>"},
		{"empty", all, fmt.Sprintf(ok, "array", `[]`), "0 <nil>"},
		{"object", all, fmt.Sprintf(ok, "object", `{"a":{"cookie":{}}}`), "1 <nil>"},
		{"holes", all, fmt.Sprintf(ok, "array", `[{"cookie":{}},null]`), `0 all called back with a result that is no list of sessions: array: [{"cookie":{}},null]`},
		{"nothing", all, `{"callbacks":1,"kind":"undefined"}`, "0 all called back with a result that is no list of sessions: undefined"},
		{"number", length, fmt.Sprintf(ok, "number", "3"), "3 <nil>"},
		{"fraction", length, fmt.Sprintf(ok, "number", "3.5"), "0 length called back with a result that is no integer: number: 3.5"},
		{"text", length, fmt.Sprintf(ok, "string", `"3"`), `0 length called back with a result that is no integer: string: "3"`},
		{"null length", length, fmt.Sprintf(ok, "null", `null`), `0 length called back with a result that is no integer: null: null`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := command(t, "answers-as-told")
			c.Env = append(c.Env, "ANSWER="+test.outcome)
			p, err := Start(t.Context(), c, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			s, err := p.Open(t.Context(), OpenParams{})
			if err != nil {
				t.Fatal(err)
			}
			v, err := test.do(s)
			if got := fmt.Sprintf("%v %v", v, err); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
			if _, ok := errors.AsType[*probe.Failure](err); err != nil && !ok {
				t.Errorf("%T is not the store's failure", err)
			}
		})
	}
}

func TestProber(t *testing.T) {
	ctx := t.Context()
	s := open(t, "sees-everything", Options{Check: checker(t)})
	if f := s.Features(); !f.Callbacks || !f.Handles || !f.Expressions || !f.Express || !f.Events || !f.Resources || !f.HTTP {
		t.Errorf("features %+v", f)
	}
	o, err := s.Do(ctx, probe.Call{Method: "get", ID: "a", Keep: true, Settle: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if o.Callbacks != 2 || !o.Synchronous || o.Extra != 1 || len(o.Uncaught) != 1 || o.Argument != "h1" ||
		o.Elapsed != 1500*time.Microsecond || string(o.Value) != `{"a":"\ud800"}` {
		t.Errorf("outcome %+v", o)
	}
	if url, err := s.Serve(ctx, probe.Site{Resave: true, Unset: "destroy", MaxAge: 1500 * time.Millisecond}); err != nil || url != "http://127.0.0.1:1" {
		t.Errorf("serve: %s, %v", url, err)
	}
	_, err = s.Serve(ctx, probe.Site{})
	if f, ok := errors.AsType[*probe.Failure](err); !ok || f.Error() != "the set-up of express-session threw TypeError: store.on is not a function" {
		t.Errorf("serve: %v", err)
	}
	if err := s.Unserve(ctx, "http://127.0.0.1:1"); err != nil {
		t.Errorf("unserve: %v", err)
	}
	if v, err := s.Read(ctx, "h1"); err != nil || string(v) != `{"handle":"h1"}` {
		t.Errorf("read %s, %v", v, err)
	}
	err = s.Change(ctx, "h9", []string{"a"}, json.RawMessage(`1`))
	if e, ok := errors.AsType[*HostError](err); !ok || e.Code != wire.CodeUnknown || e.Stack != "at change" {
		t.Errorf("change: %v", err)
	}
	if err := s.Change(ctx, "h1", nil, json.RawMessage(`1`)); !isHostError(err, wire.CodeCannot) {
		t.Errorf("change without a path: %v", err)
	}
	for want := range 3 {
		if events, err := s.Events(ctx); err != nil || len(events) != want+1 || events[want].At != float64(want+1) {
			t.Errorf("events %+v, %v", events, err)
		}
	}
}

// TestCancelledCall: the process lives on, and the late answer is no surprise.
func TestCancelledCall(t *testing.T) {
	s := open(t, "answers-late", Options{})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := s.Get(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := s.Get(t.Context(), "release"); err != nil {
		t.Error(err)
	}
	if got := s.p.conn.unanswered(); len(got) > 0 {
		t.Errorf("unanswered: %v", got)
	}
	if err := s.p.Err(); err != nil {
		t.Error(err)
	}
}

func TestConcurrentCalls(t *testing.T) {
	s := open(t, "none", Options{})
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			for j := range 20 {
				id := fmt.Sprint(i, "-", j)
				in := session(t, fmt.Sprintf(`{"cookie":{},"id":%q}`, id))
				if err := s.Set(t.Context(), id, in); err != nil {
					t.Error(err)
					return
				}
				if out, err := s.Get(t.Context(), id); err != nil || !spec.Equal(in, out) {
					t.Errorf("get %s: %v, %v", id, out, err)
					return
				}
			}
		})
	}
	wg.Wait()
}
