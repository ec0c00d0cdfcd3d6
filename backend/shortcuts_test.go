package backend

import (
	"strings"
	"testing"
)

// TestShortcuts: a server of the user's own has none that this package knows of.
func TestShortcuts(t *testing.T) {
	for _, name := range Names() {
		k, err := kindOf(name)
		if err != nil {
			t.Fatal(err)
		}
		private, own := Server{Name: name, kind: k}, Server{Name: name, kind: k, Own: true}
		said := private.Shortcuts()
		if own.Shortcuts() != "" || (said != "") != (name != "memcached") || said != "" && !strings.HasPrefix(said, name+" ") {
			t.Errorf("%s: %q, own %q", name, said, own.Shortcuts())
		}
	}
}
