package nearest_test

import (
	"testing"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/nearest"
)

func TestTo(t *testing.T) {
	candidates := []string{"memory", "file", "connect-redis", "memorystore"}
	for word, want := range map[string]string{
		"memory": "memory", "memroy": "memory", "conect-redis": "connect-redis", "memorstore": "memorystore", "fil": "file", "postgres": "", "": "",
	} {
		if got := nearest.To(word, candidates); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	if got := nearest.To("a", nil); got != "" {
		t.Errorf("no candidates: %q", got)
	}
}
