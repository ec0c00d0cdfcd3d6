package filename_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/storecheck/storecheck/reference/filestore/internal/filename"
)

var (
	exact = filename.Names{Extension: ".json"}
	folds = filename.Names{Extension: ".json", FoldsCase: true}
)

func TestOf(t *testing.T) {
	for _, c := range []struct{ id, exact, folds string }{
		{"abc", "abc.json", "abc.json"},
		{"AbC-_09", "AbC-_09.json", "%41b%43-_09.json"},
		{"user@example.com,a+b=", "user@example.com,a+b=.json", "user@example.com,a+b=.json"},
		{"x.json", "x.json.json", "x.json.json"},
		{"", "%.json", "%.json"},
		{".", "%2e.json", "%2e.json"},
		{"..", "%2e%2e.json", "%2e%2e.json"},
		{".hidden", "%2ehidden.json", "%2ehidden.json"},
		{"a.b.", "a.b%2e.json", "a.b%2e.json"},
		{"../x", "%2e.%2fx.json", "%2e.%2fx.json"},
		{`..\x`, "%2e.%5cx.json", "%2e.%5cx.json"},
		{"a\x00b", "a%00b.json", "a%00b.json"},
		{"a b ", "a%20b%20.json", "a%20b%20.json"},
		{"a%20b", "a%2520b.json", "a%2520b.json"},
		{"LONG~1", "LONG%7e1.json", "%4c%4f%4e%47%7e1.json"},
		{"é", "%c3%a9.json", "%c3%a9.json"},
		{"e\u0301", "e%cc%81.json", "e%cc%81.json"},
		{"a\xff", "a%ff.json", "a%ff.json"},
		{"con", "%63on.json", "%63on.json"},
		{"NUL.txt", "%4eUL.txt.json", "%4e%55%4c.txt.json"},
		{"com1", "%63om1.json", "%63om1.json"},
		{"console", "console.json", "console.json"},
		{"comma", "comma.json", "comma.json"},
		{strings.Repeat("a", 250), strings.Repeat("a", 250) + ".json", strings.Repeat("a", 250) + ".json"},
		{
			strings.Repeat("a", 251),
			"%%772f911dd9d6692897188d0b03f718fb5fbd02020d0fce1374f1354a31205024.json",
			"%%772f911dd9d6692897188d0b03f718fb5fbd02020d0fce1374f1354a31205024.json",
		},
	} {
		for _, k := range []struct {
			names filename.Names
			want  string
		}{{exact, c.exact}, {folds, c.folds}} {
			name := k.names.Of(c.id)
			if name != k.want {
				t.Errorf("%+v: the name of %q is %q, want %q", k.names, c.id, name, k.want)
			}
			id, isHash, ok := k.names.ID(name)
			if !ok || isHash != strings.HasPrefix(name, "%%") || !isHash && id != c.id {
				t.Errorf("%+v: the id of %q is %q, hash %t, ok %t; want %q", k.names, name, id, isHash, ok, c.id)
			}
		}
	}
}

func TestForeign(t *testing.T) {
	for _, name := range []string{
		"", ".json", "abc", "abc.jso", ".hidden.json", ".tmp-1.json", "a:b.json", "é.json", "a%2.json", "a%.json", "%2E.json", "%41.json", "%61.json",
		"%%12.json", "%%" + strings.Repeat("A", 64) + ".json", "con.json", "CON.json", strings.Repeat("a", 251) + ".json",
	} {
		if id, isHash, ok := exact.ID(name); ok {
			t.Errorf("%q is taken for the file of %q, hash %t", name, id, isHash)
		}
	}
	if _, _, ok := folds.ID("Abc.json"); ok {
		t.Error("Abc.json is taken for the file of an id where case is folded")
	}
}

// Two ids share no name, whatever the file system takes for the same, and every name leads back.
func FuzzNames(f *testing.F) {
	for _, id := range []string{"", "a", "A", "..", "../x", "a/b", "a\x00", "con", "é", "e\u0301", "%2e", "a.", "a ", strings.Repeat("é", 100)} {
		f.Add(id, "a")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, names := range []filename.Names{exact, folds, {Extension: ""}} {
			x, y := names.Of(a), names.Of(b)
			same := x == y || names.FoldsCase && strings.EqualFold(x, y)
			if same != (a == b) {
				t.Fatalf("%q and %q have the names %q and %q", a, b, x, y)
			}
			if err := check(x); err != nil {
				t.Fatalf("%q has the name %q: %v", a, x, err)
			}
			if id, isHash, ok := names.ID(x); !ok || !isHash && id != a {
				t.Fatalf("%q has the name %q, which leads to %q, ok %t", a, x, id, ok)
			}
		}
	})
}

func check(name string) error {
	switch {
	case name == "" || len(name) > 255:
		return fmt.Errorf("it has %d bytes", len(name))
	case name[0] == '.' || strings.HasSuffix(name, "."):
		return fmt.Errorf("it begins or ends with a dot")
	case strings.ContainsAny(name, "/\\:*?\"<>| \x00~"):
		return fmt.Errorf("it holds a character that is not safe")
	case !utf8.ValidString(name):
		return fmt.Errorf("it is not UTF-8")
	}
	return nil
}
