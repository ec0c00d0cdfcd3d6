package chapters

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// jsonValues are members of every kind of JSON value.
var jsonValues = []sessionMember{
	{"text", `"plain"`},
	{"empty", `""`},
	{"quotes", `"\"double\", 'single', \\ and /"`},
	{"lines", `"one\r\ntwo\tthree"`},
	{"markup", `"<b>&amp;</b> %s %d ${x} {{y}}"`},
	{"sql", `"'; DROP TABLE sessions; --"`},
	{"yes", `true`},
	{"no", `false`},
	{"nothing", `null`},
	{"zero", `0`},
	{"number", `42`},
	{"part", `1.5`},
	{"array", `[1,"two",true,null,[3],{"four":4}]`},
	{"object", `{"a":{"b":{"c":[{"d":null}]}}}`},
	{"noElements", `[]`},
	{"noMembers", `{}`},
	{"emptyInside", `{"array":[],"object":{},"arrays":[[],[{}]],"text":""}`},
	{"nulls", `[null,null]`},
	{"nullInside", `{"none":null}`},
}

// jsonString returns the JSON of a string.
func jsonString(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // every string has a JSON text
	}
	return string(b)
}

// unicodeValues returns members with text in many scripts, as values and as keys.
func unicodeValues() []sessionMember {
	var members []sessionMember
	var control strings.Builder
	for c := rune(1); c < ' '; c++ {
		control.WriteRune(c)
	}
	for _, s := range []struct{ name, text string }{
		{"latin", "Zoë Müller, Łódź, İstanbul, ß ſ"},
		{"scripts", "Ελληνικά русский עברית العربية 中文 한국어 हिन्दी ไทย"},
		{"astral", "😀 𝒳 𠮷"},
		{"joined", "👩‍👩‍👧 👍🏽 🇩🇪"},
		{"combining", "e\u0301 n\u0303 a\u030a"},
		{"composed", "\u00e9 \u00f1 \u00e5 \u212b"},
		{"separators", "line\u2028paragraph\u2029end"},
		{"bom", "\ufefffirst \ufeff and last\ufeff"},
		{"control", control.String() + "\u007f\u0085\u009f"},
		{"spaces", " \u00a0\u2003\u3000 "},
		{"directions", "\u202eabc\u202c \u200f"},
		{"noncharacters", "\ufffe\uffff\U0010ffff"},
		{"replacement", "\ufffd"},
	} {
		members = append(members, sessionMember{s.name, `{"value":` + jsonString(s.text) + `,` + jsonString(s.text) + `:"key"}`})
	}
	return members
}

// numberValues returns members that are numbers at the limits of what stores can keep.
func numberValues() []sessionMember {
	var members []sessionMember
	for i, n := range []string{
		"0", "-1", "0.1", "-0.5", "0.30000000000000004", "123456789.123456789", "1e308", "1.7976931348623157e308", "5e-324", "2.5e-7",
		"2147483648", "-2147483649", "4294967296", "16777217", "1700000000123", "9007199254740991", "9007199254740992", "-9007199254740992", "1e21",
	} {
		members = append(members, sessionMember{"number" + strconv.Itoa(i), n})
	}
	return members
}

// nestedValues returns objects and arrays that are nested so deep.
func nestedValues(objects, arrays int) []sessionMember {
	return []sessionMember{
		{"objects", strings.Repeat(`{"a":`, objects) + `"deep"` + strings.Repeat(`}`, objects)},
		{"arrays", strings.Repeat(`[`, arrays) + `"deep"` + strings.Repeat(`]`, arrays)},
	}
}

// oddKeys returns members with unusual keys. Most keys are those of inner objects: a member of the session itself does not reach a store
// when it is named like a method of express-session's class.
func oddKeys() []sessionMember {
	var many strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&many, `,"k%d":%d`, i, i%10)
	}
	return []sessionMember{
		{"empty", `{"":"empty"}`},
		{"", `"empty"`},
		{"prototype", `{"constructor":"c","toString":"t","hasOwnProperty":"h","length":"l","valueOf":{"prototype":1},"name":"n","then":"x"}`},
		{"length", `3`},
		{"integers", `{"0":"a","1":"b","2":"c"}`},
		{"42", `"answer"`},
		{"sparse", `{"10":"ten","9":"nine","007":"seven","-1":"minus","4294967295":"max","1e3":"exponent"}`},
		{"long", `{"` + strings.Repeat("a key of 5 kB, ", 334)[:5000] + `":1}`},
		{"spaces", `{" ":1,"  ":2,"a ":3,"a":4,"A":5,"\n":6}`},
		{"many", `{` + many.String()[1:] + `}`},
		// Stores write these in place of a dot or a dollar.
		{"images", `{"a．b":1,"＄set":2,"a%2Eb":3,"a\\u002eb":4,"a~1b":5,"a[dot]b":6,"a__dot__b":7}`},
		{"a．b", `"image"`},
	}
}

// dottedKeys returns members with dots and dollars in their keys.
func dottedKeys() []sessionMember {
	members := []sessionMember{{"besideItsImage", `{"a.b":"dot","a．b":"image"}`}}
	for i, key := range []string{"a.b", "a.b.c", ".", "a.", ".a", "$set", "$where", "$", "a[0]"} {
		members = append(members, sessionMember{"map" + strconv.Itoa(i), `{` + jsonString(key) + `:{"value":"kept"},"a":"beside"}`}, sessionMember{key, `"kept"`})
	}
	return members
}
