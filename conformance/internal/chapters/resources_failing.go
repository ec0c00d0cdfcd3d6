package chapters

import (
	"context"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// A failingCall is a kind of call that some stores answer with an error. n counts the calls; several are made at once.
type failingCall struct {
	what string
	make func(n int) error
}

// refusedCalls returns calls that many stores refuse.
func refusedCalls(t *engine.C, i *engine.Instance) []failingCall {
	ids := make([]string, failures+failuresAtOnce)
	for n := range ids {
		ids[n] = t.ID()
	}
	calls := longIDCalls(t, i)
	switch {
	case t.Has(contract.NeedCallbacks) && t.Has(contract.NeedExpressions):
		session := t.Session("user", t.Tag()).JSON()
		add := func(what, method, expression string) {
			calls = append(calls, failingCall{what, func(n int) error {
				out, err := i.ProbeQuietly(t, probe.Call{Method: method, ID: ids[n], Session: session, Expression: expression})
				if err != nil {
					t.Broken(err)
				}
				return out.Err(method)
			}})
		}
		add("set of a session with a cycle", "set", unserialisable[0])
		if t.Capabilities().Touch {
			add("touch with a session that has no JSON", "touch", unreadable[0])
		}
		add("set of a session of 70 KB", "set", "{ text: 'x'.repeat(70000) }")
		add("set of a session of 1 MiB", "set", "{ text: 'x'.repeat(1100000) }")
	case t.Prober() == nil:
		calls = append(calls, endedCalls(t, i, ids)...)
		large := t.Session("text", strings.Repeat("x", 70_000))
		calls = append(calls, failingCall{"set of a session of 70 KB", func(n int) error { return i.TrySet(ids[n], large) }})
	}
	return calls
}

// longIDCalls returns calls on an id that is longer than a file's name or the key of many databases may be.
func longIDCalls(t *engine.C, i *engine.Instance) []failingCall {
	id, session := randomIDChars(t, 3000), t.Session("user", t.Tag())
	calls := []failingCall{
		{"get of a long id", func(int) error { _, err := i.TryGet(id); return err }},
		{"set of a long id", func(int) error { return i.TrySet(id, session) }},
		{"destroy of a long id", func(int) error { return i.TryDestroy(id) }},
	}
	if t.Capabilities().Touch {
		calls = append(calls, failingCall{"touch of a long id", func(int) error { return i.TryTouch(id, session) }})
	}
	return calls
}

// endedCalls returns calls whose context has ended.
func endedCalls(t *engine.C, i *engine.Instance, ids []string) []failingCall {
	ended, cancel := context.WithCancel(t)
	cancel()
	session := t.Session("user", t.Tag())
	call := func(method string, f func(id string) error) failingCall {
		what := method + " with a context that has ended"
		return failingCall{what, func(n int) error {
			return i.Tell(method, what, func(context.Context) error { return f(ids[n]) })
		}}
	}
	calls := []failingCall{
		call("get", func(id string) error { _, err := i.Store().Get(ended, id); return err }),
		call("set", func(id string) error { t.MayStore(id); return i.Store().Set(ended, id, session) }),
		call("destroy", func(id string) error { return i.Store().Destroy(ended, id) }),
	}
	if t.Capabilities().Touch {
		calls = append(calls, call("touch", func(id string) error { return i.Store().(spec.Toucher).Touch(ended, id, session) }))
	}
	return calls
}

// damagedCalls returns calls on a record that is damaged.
func damagedCalls(t *engine.C, i *engine.Instance, id string, session *spec.Session) []failingCall {
	calls := []failingCall{{"get of a damaged record", func(int) error { _, err := i.TryGet(id); return err }}}
	if t.Capabilities().Touch {
		calls = append(calls, failingCall{"touch of a damaged record", func(int) error { return i.TryTouch(id, session) }})
	}
	return calls
}

// brokenCalls returns calls on an instance whose backend fails.
func brokenCalls(t *engine.C, i *engine.Instance, id string) []failingCall {
	session := t.Session("user", t.Tag())
	calls := []failingCall{
		{"get on a backend that fails", func(int) error { _, err := i.TryGet(id); return err }},
		{"set on a backend that fails", func(int) error { return i.TrySet(id, session) }},
		{"destroy on a backend that fails", func(int) error { return i.TryDestroy(id) }},
	}
	if t.Capabilities().Touch {
		calls = append(calls, failingCall{"touch on a backend that fails", func(int) error { return i.TryTouch(id, session) }})
	}
	return calls
}
