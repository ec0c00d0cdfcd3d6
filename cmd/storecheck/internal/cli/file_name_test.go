package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFileName: what a user reads in the name of a target stays its file name, as long as no other target has the same.
func TestFileName(t *testing.T) {
	for target, want := range map[string]string{
		"memory":                    "memory",
		"file":                      "file",
		"npm:connect-redis":         "connect-redis",
		"npm:memorystore@1.6.8":     "memorystore@1.6.8",
		"npm:some_store@1.0.0-rc.1": "some_store@1.0.0-rc.1",
		"./store.js":                "store.js",
		"./my-store.mjs":            "my-store.mjs",

		"../store.js":             "store.js+b74bc49b",
		"./a/b.js":                "a-b.js+13fc75a6",
		"./Store.js":              "Store.js+a248a529",
		"./café.js":               "café.js+955cca9c",
		"npm:@scope/store":        "@scope-store+c8abd148",
		"file:./sessions":         "file-.-sessions+7b062730",
		"exec:./my store --speak": "exec-.-my-store---speak+840367c3",
		"exec:a\nb\u202e\x7f":     "exec-a-b+6b092c76",

		"exec:" + strings.Repeat("é", 300): "exec-" + strings.Repeat("é", 37) + "+df1b4b66",
	} {
		if got := fileName(target); got != want {
			t.Errorf("fileName(%q) = %q, want %q", target, got, want)
		}
	}
}

// TestFileNamesDiffer has targets that a user would take for each other. A file system may take a letter for its capital.
func TestFileNamesDiffer(t *testing.T) {
	owner := map[string]string{}
	for _, target := range []string{
		"./store.js", "../store.js", "../../store.js", "store.js", "npm:store.js", "/store.js", "././store.js", `.\store.js`, "./.store.js", "./store.js.", "./-store.js",
		"./Store.js", "./STORE.js", "./store.JS", "./a/b.js", "./a-b.js", "./a:b.js", "./a b.js", "./a/../b.js", "../a/b.js", "npm:@a/b-c", "npm:@a-b/c",
		"./store", "npm:store", "../store", "memory", "npm:memory", "./memory", "file", "npm:file", "file:memory", "exec:memory", "npm:exec-memory", "exec:./memory",
		"exec:a b", "exec:a-b", "exec:a  b", "exec:a\xffb", "exec:a\xfeb", "./é.js", "./e\u0301.js", "./É.js", "npm:x", "npm:x@1.0.0", "npm:x-1.0.0",
		fileName("../store.js"), "./" + fileName("../store.js"), "npm:" + fileName("../store.js"), "./" + fileName("npm:X/y.js"), "npm:X/y.js",
		"exec:" + strings.Repeat("a", 300) + "1", "exec:" + strings.Repeat("a", 300) + "2",
	} {
		name := fileName(target)
		if other, taken := owner[strings.ToLower(name)]; taken {
			t.Errorf("%q and %q both have the file name %q", other, target, name)
		}
		owner[strings.ToLower(name)] = target
		if len(name) == 0 || len(name) > 200 || strings.ContainsAny(name, `/\:`) || strings.Trim(name, ".-") != name {
			t.Errorf("%q is a bad file name for %q", name, target)
		}
	}
}

// TestJSONOfEachTarget: no target takes the file of another. Every requirement is skipped, so that no store is needed.
func TestJSONOfEachTarget(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"here/a/b.js", "here/a-b.js", "here/store.js", "store.js"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir("here")
	if err := os.WriteFile("known.yaml", []byte("- {id: get/missing, expect: skip, reason: no store is needed}"), 0o600); err != nil {
		t.Fatal(err)
	}
	Main([]string{
		"run", "./store.js", "../store.js", "./a/b.js", "./a-b.js", "--only", "get/missing", "--known", "known.yaml", "--json", "out/",
	}, strings.NewReader(""), io.Discard, io.Discard)
	if files, err := os.ReadDir("out"); err != nil || len(files) != 4 {
		t.Errorf("4 targets have the files %v (%v)", files, err)
	}
}
