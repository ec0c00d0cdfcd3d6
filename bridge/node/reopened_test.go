package node_test

import (
	"testing"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/node"
	"github.com/storecheck/storecheck/spec/probe"
)

// A module may hand out one store for every opening: its events are those of whoever has it open when they come.
func TestEventsOfReopenedStore(t *testing.T) {
	t.Parallel()
	command, err := node.Command(t.Context(), factory(t, `(() => {
		let store
		return session => {
			if (store) return store
			store = new session.MemoryStore()
			const get = store.get
			store.get = function (id, callback) {
				if (id === 'away') this.emit('disconnect')
				return get.call(this, id, callback)
			}
			return store
		}
	})()`), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	process, err := bridge.Start(t.Context(), command, bridge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer process.Close() //nolint:errcheck // it is the end
	open := func() *bridge.Store {
		s, err := process.Open(t.Context(), bridge.OpenParams{Namespace: "one", Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	count := func(s *bridge.Store) (n int) {
		if _, err := s.Do(t.Context(), probe.Call{Method: "get", ID: "away"}); err != nil {
			t.Fatal(err)
		}
		events, err := s.Events(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Kind == "disconnect" {
				n++
			}
		}
		return n
	}
	first := open()
	if n := count(first); n != 1 {
		t.Errorf("the first opening has %d disconnects, want 1", n)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, third := open(), open()
	if n := count(second); n != 1 {
		t.Errorf("the second opening has %d disconnects, want 1: its own", n)
	}
	if n := count(third); n != 2 {
		t.Errorf("the third opening, beside the second, has %d disconnects, want 2: both are of its store", n)
	}
}
