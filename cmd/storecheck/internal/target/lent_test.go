package target

import (
	"testing"

	"github.com/storecheck/storecheck/backend"
)

// A server that was lent is used like one that the run has started, and is not stopped. That of the user comes before it.
func TestFindServer(t *testing.T) {
	if err := backend.Look("redis").Missing; err != nil {
		t.Skip(err)
	}
	lent, err := backend.Start(t.Context(), "redis")
	if err != nil {
		t.Fatal(err)
	}
	defer lent.Stop()
	named := "redis=" + lent.URL
	for _, c := range []struct {
		name string
		o    Options
		own  bool
	}{
		{"lent", Options{Lent: []string{named}}, false},
		{"the user's", Options{Backends: []string{named}, Lent: []string{"redis=redis://127.0.0.1:1"}}, true},
	} {
		s, err := findServer(t.Context(), "redis", c.o, func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		if s.URL != lent.URL || s.Own != c.own || s.Version == "" {
			t.Errorf("%s: got %v, own %t, version %q", c.name, s, s.Own, s.Version)
		}
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		if err := lent.Alive(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
