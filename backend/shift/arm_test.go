package shift_test

import (
	"debug/elf"
	"os/exec"
	"path/filepath"
	"testing"
)

// The library compiles for the other machine whose clocks are moved, without a warning, and answers there what it answers here.
func TestCompilesForArm(t *testing.T) {
	t.Parallel()
	compiler, err := exec.LookPath("aarch64-linux-gnu-gcc")
	if err != nil {
		t.Skip("aarch64-linux-gnu-gcc is not on PATH (Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross)")
	}
	here, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("cc is not on PATH")
	}
	there, own := functionsOf(t, compiler), functionsOf(t, here)
	for name := range own {
		if !there[name] {
			t.Errorf("%s is not answered on arm64", name)
		}
	}
	if len(there) < 30 {
		t.Errorf("the library answers %d functions", len(there))
	}
}

// functionsOf returns the names that the library has for other programs.
func functionsOf(t *testing.T, compiler string) map[string]bool {
	t.Helper()
	library := filepath.Join(t.TempDir(), "shift.so")
	if out, err := exec.CommandContext(t.Context(), compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-o", library, "shim/shim.c", "-ldl").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := elf.Open(library)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	symbols, err := f.DynamicSymbols()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, s := range symbols {
		if s.Section != elf.SHN_UNDEF && elf.ST_TYPE(s.Info) == elf.STT_FUNC {
			names[s.Name] = true
		}
	}
	return names
}
