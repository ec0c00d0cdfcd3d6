package node_test

import (
	"testing"

	"github.com/storecheck/storecheck/bridge"
)

// The host tells which parts of its place a store uses. A copy of all of them tells nothing.
func TestPlace(t *testing.T) {
	t.Parallel()
	keyed := `(session, env) => {
		const store = new session.MemoryStore(), get = store.get
		store.get = (id, callback) => get.call(store, env.namespace + ':' + id, callback)
		return store
	}`
	for _, test := range []struct {
		name, factory string
		opened, asked bridge.Place
	}{
		{"neither", `session => new session.MemoryStore()`, bridge.Place{}, bridge.Place{}},
		{"the options", `(session, { options }) => new session.MemoryStore()`, bridge.Place{}, bridge.Place{}},
		{"the folder", `(session, env) => { env.dir.length; return new session.MemoryStore() }`, bridge.Place{Dir: true}, bridge.Place{Dir: true}},
		{"the server", `(session, { backend, dir }) => new session.MemoryStore()`, bridge.Place{Dir: true, Backend: true}, bridge.Place{Dir: true, Backend: true}},
		{"a copy", `(session, env) => new session.MemoryStore({ ...env }, Object.assign({}, env), JSON.stringify(env))`, bridge.Place{}, bridge.Place{}},
		{"when it is asked", keyed, bridge.Place{}, bridge.Place{Namespace: true}},
		{"overwritten", `(session, env) => { env.namespace = 'x'; return new session.MemoryStore({ prefix: env.namespace }) }`, bridge.Place{}, bridge.Place{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := openIn(t, start(t, factory(t, test.factory)))
			expect := func(want bridge.Place) {
				t.Helper()
				if got, known, err := s.Place(t.Context()); err != nil || !known || got != want {
					t.Errorf("%+v, %v, %v, want %+v", got, known, err, want)
				}
			}
			expect(test.opened)
			if _, err := s.Get(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
			expect(test.asked)
		})
	}
}
