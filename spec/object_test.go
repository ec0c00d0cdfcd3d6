package spec

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct{ text, err string }{
		{` {"a" : [ 1 , -0.5e+10 , true, false, null, "\u00e9\n\\", {} , [ ] ] } `, ""},
		{"\"\xff\"", ""},
		{nested(maxDepth), ""},
		{nested(maxDepth + 1), "JSON nested deeper than 10000 at offset 10000"},
		{``, "JSON ends too early, at offset 0"},
		{` `, "JSON ends too early, at offset 1"},
		{`{"a":1`, "JSON ends too early, at offset 6"},
		{`{"a"`, "JSON ends too early, at offset 4"},
		{`"abc`, "JSON ends too early, at offset 4"},
		{`"abc\`, "JSON ends too early, at offset 5"},
		{`"\u12`, "JSON ends too early, at offset 5"},
		{`[1,`, "JSON ends too early, at offset 3"},
		{`-`, "JSON ends too early, at offset 1"},
		{`tru`, "JSON ends too early, at offset 3"},
		{`{"a":1,}`, `invalid JSON: unexpected "}" at offset 7`},
		{`{a:1}`, `invalid JSON: unexpected "a" at offset 1`},
		{`{"a" 1}`, `invalid JSON: unexpected "1" at offset 5`},
		{`{"a":1 "b":2}`, `invalid JSON: unexpected "\"" at offset 7`},
		{`[1,]`, `invalid JSON: unexpected "]" at offset 3`},
		{`[1 2]`, `invalid JSON: unexpected "2" at offset 3`},
		{`01`, `invalid JSON: unexpected "1" at offset 1`},
		{`1.`, `JSON ends too early, at offset 2`},
		{`1.e1`, `invalid JSON: unexpected "e" at offset 2`},
		{`1e+x`, `invalid JSON: unexpected "x" at offset 3`},
		{`+1`, `invalid JSON: unexpected "+" at offset 0`},
		{`nulL`, `invalid JSON: unexpected "L" at offset 3`},
		{`"\x"`, `invalid JSON: unexpected "x" at offset 2`},
		{`"\u12g4"`, `invalid JSON: unexpected "g" at offset 5`},
		{"\"a\nb\"", `invalid JSON: unexpected "\n" at offset 2`},
		{"\"long enough for a word\x1f\"", `invalid JSON: unexpected "\x1f" at offset 23`},
		{"1 \xc3", `invalid JSON: unexpected "\xc3" at offset 2`},
		{`1 2`, `invalid JSON: unexpected "2" at offset 2`},
	} {
		got := ""
		if _, err := validate(c.text, 0); err != nil {
			got = err.Error()
		}
		if got != c.err {
			t.Errorf("%.40q: got error %q, want %q", c.text, got, c.err)
		}
		if valid := json.Valid([]byte(c.text)); valid != (c.err == "") {
			t.Errorf("%.40q: the test is wrong, json.Valid is %v", c.text, valid)
		}
	}
}

// TestValidateBytes puts every byte at every place of short strings, numbers and spaces.
func TestValidateBytes(t *testing.T) {
	for _, text := range []string{`"abcdefghijklmnopq"`, `{"a":[-1.5e7,true]}`, `"\u00e9\n"`, ` [ ] `} {
		for at := range len(text) {
			for c := range 256 {
				changed := []byte(text)
				changed[at] = byte(c)
				if _, err := validate(string(changed), 0); (err == nil) != json.Valid(changed) {
					t.Errorf("%q: got error %v, json.Valid is %v", changed, err, err != nil)
				}
			}
		}
	}
}

func TestObjectEdit(t *testing.T) {
	set := func(name, raw, before string) func(object) object {
		return func(o object) object { return o.set(name, raw, before) }
	}
	remove := func(name string) func(object) object {
		return func(o object) object { return o.remove(name) }
	}
	for _, c := range []struct {
		text string
		edit func(object) object
		want string
	}{
		{``, set("a", "1", ""), `{"a":1}`},
		{`{ }`, set("a", "1", ""), `{"a":1 }`},
		{`{"a":1 }`, set("b", "2", ""), `{"a":1,"b":2 }`},
		{`{"a":1}`, set("b", "2", "a"), `{"b":2,"a":1}`},
		{`{"a":1, "c":3}`, set("b", "2", "c"), `{"a":1, "b":2,"c":3}`},
		{`{"a":1}`, set("b", "2", "z"), `{"a":1,"b":2}`},
		{`{"a":1, "b" : 2 ,"c":3}`, set("b", "[]", ""), `{"a":1, "b" : [] ,"c":3}`},
		{`{"\u0061":1}`, set("a", "2", ""), `{"\u0061":2}`},
		{`{"a":1,"b":2,"a":3}`, set("a", "4", ""), `{"a":4,"b":2}`},
		{`{}`, set("\"\\\n\xed\xa0\x80é", "1", ""), `{"\"\\\u000a\ud800é":1}`},
		{`{"a":1}`, remove("a"), `{}`},
		{`{"a":1,"b":2}`, remove("a"), `{"b":2}`},
		{`{"a":1, "b":2}`, remove("b"), `{"a":1}`},
		{`{"a":1, "b":2, "c":3}`, remove("b"), `{"a":1, "c":3}`},
		{`{"a":1,"b":2,"\u0061":3,"c":4}`, remove("a"), `{"b":2,"c":4}`},
		{`{"a":{"b":1},"b":"b"}`, remove("b"), `{"a":{"b":1}}`},
		{`{"a":1}`, remove("A"), `{"a":1}`},
	} {
		if got := c.edit(object(c.text)); string(got) != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestObjectNames(t *testing.T) {
	o := object(`{"\ud800":1,"\ufffd":2,"\ud83d\ude00":3,"\u00e9":4,"é":5,"\ud83dx":6,"\udE00\ud83d":7,"__proto__":8}`)
	for name, want := range map[string]string{
		"\xed\xa0\x80":             "1",
		"\ufffd":                   "2",
		"😀":                        "3",
		"é":                        "5",
		"\xed\xa0\xbdx":            "6",
		"\xed\xb8\x80\xed\xa0\xbd": "7",
		"__proto__":                "8",
	} {
		if got, ok := o.find(name); got != want || !ok {
			t.Errorf("%q: got %s, %v, want %s", name, got, ok, want)
		}
		if !validName(name) {
			t.Errorf("%q is refused as a name", name)
		}
	}
	if got := len(o.names()); got != 7 {
		t.Errorf("there are %d names", got)
	}
	for _, name := range []string{"\xff", "a\xed\xa0", "\xed\xa0\xbd\xed\xb8\x80"} {
		if validName(name) {
			t.Errorf("%q is taken for a name", name)
		}
	}
}

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
