package claimed

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSweep(t *testing.T) {
	parent := t.TempDir()
	lives := must(Make(parent))(t)
	joined := must(Make(parent))(t)
	second := must(Join(joined.Path()))(t)
	killed := must(Make(parent))(t)
	for _, f := range []*Folder{joined, killed} { // as when the process is killed
		if err := f.claim.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"storecheck-new-1", "storecheck-new-2", "storecheck-mine", "mine"} {
		if err := os.Mkdir(filepath.Join(parent, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-2 * youth)
	if err := os.Chtimes(filepath.Join(parent, "storecheck-new-2"), old, old); err != nil {
		t.Fatal(err)
	}
	removed, err := Sweep(parent)
	if err != nil || len(removed) != 2 {
		t.Errorf("removed %q, %v", removed, err)
	}
	for path, want := range map[string]bool{
		lives.Path(): true, joined.Path(): true, killed.Path(): false,
		filepath.Join(parent, "storecheck-new-1"): true, filepath.Join(parent, "storecheck-new-2"): false,
		filepath.Join(parent, "storecheck-mine"): true, filepath.Join(parent, "mine"): true,
	} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, f := range []*Folder{lives, second} {
		if err := f.Remove(); err != nil {
			t.Error(err)
		}
	}
	if removed, err := Sweep(filepath.Join(parent, "missing")); removed != nil || err != nil {
		t.Errorf("a folder that is not there: %q, %v", removed, err)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
