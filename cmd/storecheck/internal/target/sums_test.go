package target

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/internal/gosource"
	"github.com/storecheck/storecheck/internal/install"
)

var update = flag.Bool("update", false, "build every store in Go of the catalogue, and write the sums of its modules")

// TestSums: the catalogue has the sums of the modules that its stores in Go name, so that a host is built of what was checked.
func TestSums(t *testing.T) {
	if *update {
		writeSums(t)
		return
	}
	stores := 0
	for _, r := range catalog.All() {
		if r.Language != "go" || r.Why != "" {
			continue
		}
		stores++
		for _, module := range r.Install {
			if line := strings.Replace(module, "@", " ", 1) + " h1:"; !strings.Contains(catalog.Sums()+string(gosource.Sums()), line) {
				t.Errorf("%s: there is no sum of %s; write it with -update", r.Name, module)
			}
		}
		if _, err := Parse(r.Target(), Options{}); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
	}
	if stores < 22 {
		t.Errorf("%d stores in Go", stores)
	}
}

func writeSums(t *testing.T) {
	lines := map[string]bool{}
	for _, r := range catalog.All() {
		if r.Language != "go" || r.Why != "" {
			continue
		}
		h, err := programOf(r).hostOf(r.Install, true, Options{})
		if err != nil {
			t.Fatal(err)
		}
		path, err := install.BuildHost(t.Context(), h)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(filepath.Dir(path), "go.sum"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			lines[line] = true
		}
	}
	for line := range strings.Lines(string(gosource.Sums())) {
		delete(lines, line)
	}
	file := filepath.Join("..", "..", "..", "..", "catalog", "go.sum")
	if err := os.WriteFile(file, []byte(strings.Join(slices.Sorted(maps.Keys(lines)), "")), 0o644); err != nil {
		t.Fatal(err)
	}
}
