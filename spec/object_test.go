package spec

import (
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
