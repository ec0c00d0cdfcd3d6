package claimed

import (
	"os"
	"strings"
	"testing"
)

// A folder in memory is made where the user has not chosen the place for temporary files, and is swept as the others are.
func TestMakeInMemory(t *testing.T) {
	if !roomy(memory) {
		t.Skip("needs 512 MB of memory for files in " + memory)
	}
	t.Setenv("TMPDIR", t.TempDir())
	if f := MakeInMemory(); f != nil {
		t.Errorf("with TMPDIR set: %s", f.Path())
	}
	t.Setenv("TMPDIR", "")
	f := MakeInMemory()
	if f == nil || !strings.HasPrefix(f.Path(), memory+"/") {
		t.Fatalf("got %v", f)
	}
	defer f.Remove() //nolint:errcheck // it may be gone
	_ = f.claim.Close()
	if _, err := SweepTemporary(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(f.Path()); err == nil {
		t.Errorf("%s is still there", f.Path())
	}
}
