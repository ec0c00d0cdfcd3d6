package spec

import (
	"bytes"
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	long := strings.Repeat("0123456789", 1000)
	for _, c := range []struct{ name, want, got, diff string }{
		{"order and space", `{"a":1,"b":[ "x" ]}`, `{"b":["x"],"a":1}`, ""},
		{"escapes", `"\u00e9\/\n\ud83d\ude00"`, `"é/\u000a😀"`, ""},
		{"last of a name counts", `{"a":1,"a":2}`, `{"a":2}`, ""},
		{"numbers", `[1,0.1,-0,1e3,9007199254740993,1e400]`, `[1.0,1e-1,0,1000,9007199254740993,1e500]`, ""},
		{"a number beyond float64", `[9007199254740993]`, `[9007199254740992]`, "session[0]: want 9007199254740993, got 9007199254740992"},
		{"the same beyond float64", `[1e16]`, `[10000000000000000]`, ""},
		{"a type", `{"a":1}`, `{"a":"1"}`, `session.a: want 1, got "1"`},
		{"null and absent", `{"a":null}`, `{"b":null}`, "session.a: want null, got nothing\nsession.b: want nothing, got null"},
		{"a path", `{"user":{"tags":["a","b",{"a.b":true}]}}`, `{"user":{"tags":["a","b",{"a.b":false}]}}`, `session.user.tags[2]["a.b"]: want true, got false`},
		{"odd names", `{"1":1,"":2,"ü":3}`, `{"1":0,"":0,"ü":0}`, "session[\"1\"]: want 1, got 0\nsession[\"\"]: want 2, got 0\nsession[\"ü\"]: want 3, got 0"},
		{"length", `[1,2]`, `[1]`, "session[1]: want 2, got nothing"},
		{"a lone surrogate", `"\ud800"`, `"\ufffd"`, `session: want "\ud800", got "\ufffd"`},
		{"what looks alike", `["é","\u200b","😀","\u001b"]`, `["e\u0301","","\ud83d",""]`, `session[0]: want "é", got "e\u0301"` + "\n" +
			`session[1]: want "\u200b", got ""` + "\n" + `session[2]: want "😀", got "\ud83d"` + "\n" + `session[3]: want "\u001b", got ""`},
		{"quotes", `"a\"b\\"`, `""`, `session: want "a\"b\\", got ""`},
		{"the end of a long string", `"` + long + `"`, `"` + long[:9990] + `"`, `session: want "…` + long[:30] + `" (10000 characters, here from 9970), got "…` + long[:20] + `" (9990 characters, here from 9970)`},
		{"an object", `{"a":{"b":[1,"x"]}}`, `{"a":"[object Object]"}`, `session.a: want {"b":[1,"x"]}, got "[object Object]"`},
		{"many", `[1,2,3,4,5,6,7,8,9,10]`, `[]`, "session[0]: want 1, got nothing\nsession[1]: want 2, got nothing\nsession[2]: want 3, got nothing\n" +
			"session[3]: want 4, got nothing\nsession[4]: want 5, got nothing\nsession[5]: want 6, got nothing\nsession[6]: want 7, got nothing\n" +
			"session[7]: want 8, got nothing\nand 2 more differences"},
		{"one more", `[1,2,3,4,5,6,7,8,9]`, `[1]`, "session[1]: want 2, got nothing\nsession[2]: want 3, got nothing\n" +
			"session[3]: want 4, got nothing\nsession[4]: want 5, got nothing\nsession[5]: want 6, got nothing\nsession[6]: want 7, got nothing\n" +
			"session[7]: want 8, got nothing\nsession[8]: want 9, got nothing"},
		{"no JSON", `{}`, `{"a":`, "session: the returned value cannot be read: JSON ends too early, at offset 5"},
		{"not UTF-8", `""`, "\"\xff\"", `session: want "", got "\xff"`},
	} {
		if got := Diff([]byte(c.want), []byte(c.got)); got != c.diff {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.diff)
		}
	}
}

func TestDiffIsBounded(t *testing.T) {
	big := bytes.Repeat([]byte("x"), 1<<17)
	quoted := "\"" + string(big) + "\""
	deep := strings.Repeat(`{"name":[`, 4000) + "1" + strings.Repeat("]}", 4000)
	for _, c := range [][2]string{
		{quoted, `""`},
		{`""`, quoted},
		{`{` + quoted + `:1}`, `{}`},
		{deep, strings.Replace(deep, "1", "2", 1)},
		{`[` + strings.Repeat("1,", 1<<14) + `1]`, `[]`},
		{`[` + strings.Repeat(quoted+",", 10) + `1]`, `[]`},
		{`{}`, `[` + strings.Repeat("1,", 1<<14) + `1]`},
	} {
		if got := Diff([]byte(c[0]), []byte(c[1])); got == "" || len(got) > 4000 {
			t.Errorf("the difference of %.20s and %.20s is %d bytes long", c[0], c[1], len(got))
		}
	}
}
