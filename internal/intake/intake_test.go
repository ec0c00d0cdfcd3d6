package intake_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/internal/intake"
)

func TestFile(t *testing.T) {
	for _, c := range []struct{ name, text, want, err string }{
		{"empty", "", "", ""},
		{"at the limit", strings.Repeat("a", 1024), strings.Repeat("a", 1024), ""},
		{"above the limit", strings.Repeat("a", 1025), "", "too large: the limit is 1 KiB"},
		{"with a byte order mark", "\ufefftext", "text", ""},
		{"with two", "\ufeff\ufefftext", "\ufefftext", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := intake.File(file, 1024)
			if string(got) != c.want || (err != nil) != (c.err != "") {
				t.Fatalf("got %q, %v", got, err)
			}
			if err != nil && (err.Error() != file+": "+c.err || !errors.Is(err, intake.ErrTooLarge)) {
				t.Errorf("got error %q, want %q", err, c.err)
			}
		})
	}
	if _, err := intake.File(filepath.Join(t.TempDir(), "none"), 1024); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestJSON(t *testing.T) {
	for _, c := range []struct{ name, text, err string }{
		{"an object", `{"a":[1,2,{"b":"c"}]}`, ""},
		{"not JSON", `]]]]{"`, ""},
		{"brackets in a string", `"` + strings.Repeat(`[{,\"`, 500_000) + `"`, ""},
		{"deep", strings.Repeat("[", 2000) + strings.Repeat("]", 2000), ""},
		{"too deep", strings.Repeat(`{"a":`, 2001), "too large: more than 2000 lists and objects in one another"},
		{"too many", strings.Repeat("{},", 200_000), "too large: more than 200000 values"},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, intake.JSON([]byte(c.text), 2000, 200_000), c.err) })
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("got error %q, want %q", got, want)
	}
}
