package skeleton

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestWithScript: a script is added, and every other byte stays.
func TestWithScript(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"scripts": {
			"{\n  \"name\": \"x\",\n  \"scripts\": {\n    \"test\": \"a && b\"\n  },\n  \"main\": \"y\"\n}\n",
			"{\n  \"name\": \"x\",\n  \"scripts\": {\n    \"test\": \"a && b\",\n    \"storecheck\": \"run <it>\"\n  },\n  \"main\": \"y\"\n}\n",
		},
		"no scripts": {
			"{\n  \"name\": \"x\"\n}\n",
			"{\n  \"name\": \"x\",\n  \"scripts\": {\n    \"storecheck\": \"run <it>\"\n  }\n}\n",
		},
		"empty scripts": {
			"{\n  \"scripts\": {},\n  \"name\": \"x\"\n}",
			"{\n  \"scripts\": {\n    \"storecheck\": \"run <it>\"\n  },\n  \"name\": \"x\"\n}",
		},
		"empty":               {"{ }", "{\n  \"scripts\": {\n    \"storecheck\": \"run <it>\"\n  }\n}\n"},
		"one line":            {`{"name":"x","scripts":{"test":"t"}}`, `{"name":"x","scripts":{"test":"t", "storecheck": "run <it>"}}`},
		"one line, none":      {`{"name":"x"}`, `{"name":"x", "scripts": {"storecheck": "run <it>"}}`},
		"scripts on one line": {"{\n  \"scripts\": { \"test\": \"t\" }\n}\n", "{\n  \"scripts\": { \"test\": \"t\", \"storecheck\": \"run <it>\" }\n}\n"},
		"tabs":                {"{\n\t\"name\": \"x\"\n}\n", "{\n\t\"name\": \"x\",\n\t\"scripts\": {\n\t\t\"storecheck\": \"run <it>\"\n\t}\n}\n"},
		"four spaces": {
			"{\n    \"scripts\": {\n        \"a\": \"1\",\n        \"b\": \"2\"\n    }\n}\n",
			"{\n    \"scripts\": {\n        \"a\": \"1\",\n        \"b\": \"2\",\n        \"storecheck\": \"run <it>\"\n    }\n}\n",
		},
		"CRLF": {
			"{\r\n  \"name\": \"x\"\r\n}\r\n",
			"{\r\n  \"name\": \"x\",\r\n  \"scripts\": {\r\n    \"storecheck\": \"run <it>\"\r\n  }\r\n}\r\n",
		},
		"odd order and escapes": {
			"{ \"z\": [1, 2,\n 3], \"a\": \"\\u0061\", \"name\" :\"x\"\n\n}",
			"{ \"z\": [1, 2,\n 3], \"a\": \"\\u0061\", \"name\" :\"x\", \"scripts\": {\n  \"storecheck\": \"run <it>\"\n }\n\n}",
		},
		"byte order mark": {"\ufeff{\"name\":\"x\"}", "\ufeff{\"name\":\"x\", \"scripts\": {\"storecheck\": \"run <it>\"}}"},
		"there already":   {`{"scripts":{"storecheck":"old","b":"1"}}`, `{"scripts":{"storecheck":"run <it>","b":"1"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := parseManifest([]byte(c.before))
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.withScript("storecheck", "run <it>")
			if err != nil {
				t.Fatal(err)
			}
			if strings.ReplaceAll(string(got), " ", "") != strings.ReplaceAll(c.after, " ", "") || name != "odd order and escapes" && string(got) != c.after {
				t.Errorf("got:\n%q\nwant:\n%q", got, c.after)
			}
			again, err := parseManifest(got)
			if err != nil || again.Scripts["storecheck"] != "run <it>" {
				t.Errorf("it cannot be read again: %v", err)
			}
		})
	}
}

func TestEntries(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                              "index.js",
		`{"main":"lib/a"}`:                "lib/a",
		`{"main":"a.js","exports":"./b"}`: "./b",
		`{"exports":{"./x":"./no.js",".":{"types":"./t.d.ts","import":"./i.mjs","require":"./r.cjs"}}}`: "./i.mjs",
		`{"exports":{"default":["./d.js"]}}`:              "./d.js",
		`{"exports":{".":{"node":{"require":"./n.js"}}}}`: "./n.js",
	} {
		m, err := parseManifest([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := m.entries(); got[0] != want || !slices.Contains(got, "index.js") {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func FuzzWithScript(f *testing.F) {
	f.Add(`{"name":"x","scripts":{"a":"b"}}`)
	f.Add("{\n\t\"a\": [\n{}\n]\n}")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseManifest([]byte(text))
		if err != nil || len(m.members) == 0 {
			return
		}
		got, err := m.withScript("storecheck", "run")
		if err != nil {
			return
		}
		var before, after map[string]any
		if json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &before) != nil {
			return
		}
		if err := json.Unmarshal([]byte(strings.TrimPrefix(string(got), "\ufeff")), &after); err != nil {
			t.Fatalf("%q became %q: %v", text, got, err)
		}
		if len(after) < len(before) {
			t.Errorf("%q became %q", text, got)
		}
	})
}
