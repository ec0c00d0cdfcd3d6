package chapters

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var fidelityChecks = []engine.Check{
	{Requirement: contract.FidelityValues, Body: survives(jsonValues)},
	{Requirement: contract.FidelityCookie, Body: cookieSurvives},
	{Requirement: contract.FidelityUnicode, Body: survives(unicodeValues())},
	{Requirement: contract.FidelityNUL, Body: survives([]member{{"nul", `"before\u0000after"`}, {"only", `"\u0000"`}, {"last", `["x\u0000"]`}})},
	{Requirement: contract.FidelityLoneSurrogates, Body: survives([]member{
		{"high", `"\ud83d"`}, {"low", `"x\ude00y"`}, {"swapped", `"\ude00\ud83d"`}, {"cut", `"smile \ud83d"`},
	})},
	{Requirement: contract.FidelityNumbers, Body: survives(numbers())},
	{Requirement: contract.FidelityDepth100, Body: survives(nested(100, 100))},
	{Requirement: contract.FidelityDepth1000, Body: survives(nested(1000, 2000))},
	{Requirement: contract.FidelityKeys, Body: survives(oddKeys())},
	{Requirement: contract.FidelityProtoKey, Body: protoKey},
	{Requirement: contract.FidelityProtoKeyKept, Body: survives([]member{
		{"form", `{"__proto__":{"admin":true},"name":"Ada"}`}, {"list", `[{"__proto__":"text"}]`},
	})},
	{Requirement: contract.FidelityDottedKeys, Body: survivesOrRefused(dottedKeys())},
	{Requirement: contract.FidelityDottedKeysKept, Body: survives(dottedKeys())},
	{Requirement: contract.FidelityReservedNames, Body: reservedNames},
	{Requirement: contract.FidelityLookAlikes, Body: lookAlikes},
	{Requirement: contract.FidelityNestedCookie, Body: nestedCookie, When: engine.Timed},
	{Requirement: contract.FidelityLarge, Body: large, When: engine.Last},
	{Requirement: contract.FidelitySizeLimit, Body: sizeLimit, When: engine.Last},
}

// A member of a session, with its value as JSON text: as an application's text comes, not as Go would write it.
type member struct{ name, value string }

func sessionOf(t *engine.C, members ...member) *spec.Session {
	s := t.Session("tag", t.Tag())
	for _, m := range members {
		if err := s.SetRaw(m.name, []byte(m.value)); err != nil {
			t.Broken(err)
		}
	}
	return s
}

// survives is a check that members come back: all in one session, and where they do not, each in one of its own, so that what is shown is
// the least that fails.
func survives(members []member) func(*engine.C) {
	return func(t *engine.C) {
		id, want := t.ID(), sessionOf(t, members...)
		err := t.TrySet(id, want)
		var got *spec.Session
		if err == nil {
			got, err = t.TryGet(id)
		}
		if err == nil && compare.Data(want, got, t.Subject().AddedKeys) == "" {
			return
		}
		for _, m := range members {
			roundTrip(t, sessionOf(t, m))
		}
		t.MustSucceed("set and get of all of them together", err)
		expectData(t, got, want)
	}
}

func roundTrip(t *engine.C, want *spec.Session) {
	id := t.ID()
	t.Set(id, want)
	expectData(t, t.Get(id), want)
}

// survivesOrRefused is a check that each member comes back or is refused with an error.
func survivesOrRefused(members []member) func(*engine.C) {
	return func(t *engine.C) {
		for _, m := range members {
			roundTripOrRefusal(t, sessionOf(t, m))
		}
	}
}

func roundTripOrRefusal(t *engine.C, want *spec.Session) {
	id := t.ID()
	if err := t.TrySet(id, want); err != nil {
		expectRefusal(t, err)
		return
	}
	expectData(t, t.Get(id), want)
}

var jsonValues = []member{
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

// text returns the JSON of a string.
func text(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has one
	}
	return string(b)
}

func unicodeValues() []member {
	var members []member
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
		members = append(members, member{s.name, `{"value":` + text(s.text) + `,` + text(s.text) + `:"key"}`})
	}
	return members
}

func numbers() []member {
	var members []member
	for i, n := range []string{
		"0", "-1", "0.1", "-0.5", "0.30000000000000004", "123456789.123456789", "1e308", "1.7976931348623157e308", "5e-324", "2.5e-7",
		"2147483648", "-2147483649", "4294967296", "16777217", "1700000000123", "9007199254740991", "9007199254740992", "-9007199254740992", "1e21",
	} {
		members = append(members, member{"number" + strconv.Itoa(i), n})
	}
	return members
}

func nested(objects, arrays int) []member {
	return []member{
		{"objects", strings.Repeat(`{"a":`, objects) + `"deep"` + strings.Repeat(`}`, objects)},
		{"arrays", strings.Repeat(`[`, arrays) + `"deep"` + strings.Repeat(`]`, arrays)},
	}
}

// oddKeys are keys of inner objects, because a member of the session itself that is named like a method of express-session's class does not
// reach a store.
func oddKeys() []member {
	var many strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&many, `,"k%d":%d`, i, i%10)
	}
	return []member{
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
		// What stores write in place of a dot or a dollar.
		{"images", `{"a．b":1,"＄set":2,"a%2Eb":3,"a\\u002eb":4,"a~1b":5,"a[dot]b":6,"a__dot__b":7}`},
		{"a．b", `"image"`},
	}
}

func dottedKeys() []member {
	members := []member{{"besideItsImage", `{"a.b":"dot","a．b":"image"}`}}
	for i, key := range []string{"a.b", "a.b.c", ".", "a.", ".a", "$set", "$where", "$", "a[0]"} {
		members = append(members, member{"map" + strconv.Itoa(i), `{` + text(key) + `:{"value":"kept"},"a":"beside"}`}, member{key, `"kept"`})
	}
	return members
}

// reservedNames sets members whose values would end the session if a store took them for its own.
func reservedNames(t *engine.C) {
	members := []member{
		{"expires", `1`},
		{"maxAge", `0`},
		{"ttl", `0`},
		{"destroyedAt", `1`},
		{"__lastAccess", `1`},
		{"lastModified", `1`},
		{"session", `{"views":1}`},
		{"meta", `{"revision":0}`},
	}
	for _, name := range []string{"_id", "sid", "createdAt", "updatedAt", "data", "sess", "json"} {
		members = append(members, member{name, text("the application's " + name)})
	}
	survives(members)(t)
	roundTripOrRefusal(t, sessionOf(t, member{"$loki", `0`})) // a key with a dollar may be refused, see fidelity/dotted-keys
}

func lookAlikes(t *engine.C) {
	var members []member
	for i, s := range []string{
		"2024-01-01T00:00:00.000Z", "2024-01-01", "Mon, 01 Jan 2024 00:00:00 GMT", "/Date(1704067200000)/", "/x/g", "null", "undefined", "true",
		"NaN", "Infinity", "42", "-0", "007", "1e3", "0x10", "123456789012345678901234567890", "12n", "{}", "[]", `{"a":1}`, `"quoted"`,
		"[object Object]", "function () {}", "507f1f77bcf86cd799439011", "YWJj", "data:text/plain,x", "@1704067200000", "j:{}", "s:x.y",
	} {
		members = append(members, member{"text" + strconv.Itoa(i), text(s)})
	}
	survives(members)(t)
	if t.Has(contract.NeedHandles) {
		for _, date := range members[:4] {
			id := t.ID()
			t.Set(id, sessionOf(t, date))
			if comesBackAsObject(t, id, date.name) {
				t.Fail("wanted    the string %s\ngot       an object, such as a Date", date.value)
			}
		}
	}
	for _, object := range []string{
		`{"type":"Buffer","data":[97,98]}`, `{"type":"Date","value":"2024-01-01T00:00:00.000Z"}`, `{"dataType":"Map","value":[["a",1]]}`,
		`{"__type":"Date","iso":"2024-01-01T00:00:00.000Z"}`, `{"_bsontype":"ObjectID","id":"507f1f77bcf86cd799439011"}`,
	} {
		roundTrip(t, sessionOf(t, member{"object", object}))
	}
	// That a key with a dollar is refused is fidelity/dotted-keys' to judge.
	for _, object := range []string{
		`{"$date":"2024-01-01T00:00:00.000Z"}`, `{"$$date":1704067200000}`, `{"$oid":"507f1f77bcf86cd799439011"}`, `{"$numberLong":"1"}`,
		`{"$ref":"#"}`, `{"$undefined":true}`,
	} {
		roundTripOrRefusal(t, sessionOf(t, member{"object", object}))
	}
}

func cookieSurvives(t *engine.C) {
	plain := spec.NewCookie()
	full := spec.NewCookie()
	full.SetMaxAge(t.Now(), time.Hour)
	full.SetPath("/shop")
	full.SetDomain("shop.example.com")
	full.SetSecure(true)
	full.SetHTTPOnly(false)
	full.SetSameSite("none")
	full.SetPartitioned(true)
	full.SetPriority("high")
	strict := spec.NewCookie()
	strict.SetMaxAge(t.Now(), time.Hour)
	mustSet(t, &strict, "sameSite", "true")
	mustSet(t, &strict, "secure", "false")
	for _, want := range []spec.Cookie{full, strict, plain} {
		id := t.ID()
		t.Set(id, t.SessionWith(want, "tag", t.Tag()))
		got := t.Get(id)
		if got == nil {
			t.Expect(got).NotTo(compare.BeMissing())
			continue
		}
		if diff := compare.Cookie(want, got.Cookie, t.Subject().ShownWithin()); diff != "" {
			t.Fail("wanted    the cookie %s\ngot       %s", want, diff)
		}
	}
}

func mustSet(t *engine.C, c *spec.Cookie, name, raw string) {
	if err := c.SetRaw(name, []byte(raw)); err != nil {
		t.Broken(err)
	}
}

// protoKey looks for what a polluted prototype gives to objects that have nothing to do with it.
func protoKey(t *engine.C) {
	pollution := "polluted" + t.Tag()
	evil := sessionOf(t, member{"form", `{"deep":{"__proto__":{"` + pollution + `":true},"constructor":{"prototype":{"` + pollution + `":true}}}}`})
	id := t.ID()
	if err := t.TrySet(id, evil); err != nil {
		expectRefusal(t, err)
	} else if _, err := t.TryGet(id); err != nil {
		expectRefusal(t, err)
	}
	other := t.ID()
	want := sessionOf(t, member{"form", `{}`}, member{"list", `[{}]`})
	t.Set(other, want)
	expectData(t, t.Get(other), want)
	if !t.Has(contract.NeedExpressions) {
		return
	}
	out := t.Probe(probe.Call{
		Method: "set", ID: t.ID(), Session: t.Session().JSON(),
		Expression: fmt.Sprintf(`({seen: String(({})[%s])})`, text(pollution)), Watch: true,
	})
	t.MustSucceed("set", out.Err("set"))
	var argument struct{ Seen string }
	if err := json.Unmarshal(out.Before, &argument); err == nil && argument.Seen != "" && argument.Seen != "undefined" {
		t.Fail("wanted    no member that an object inherits from the session\ngot       ({}).%s is %s in the whole process", pollution, argument.Seen)
	}
}

// nestedCookie has data that speaks of cookies: one session would be over by it, the other would live for years.
func nestedCookie(t *engine.C) {
	data := func(year int, maxAge int64) []any {
		date := fmt.Sprintf("%d-01-01T00:00:00.500Z", year)
		cookie := map[string]any{"expires": date, "originalMaxAge": maxAge, "maxAge": maxAge}
		return []any{"consent", map[string]any{"cookie": cookie, "expires": date}, "cookies", []any{map[string]any{"cookie": cookie}}}
	}
	over := newLife(t, time.Hour, data(2001, 1)...)
	short := newLife(t, lifetime(t), data(2099, 1<<40)...)
	expectAlive(t, over)
	expectAlive(t, short)
	expectGone(t, short)
}

// sizes are those of sessions, in bytes.
var sizes = []int{70_000, 1 << 20, 5 << 20}

// sized returns a session of about that size in which every piece is another.
func sized(t *engine.C, size int) *spec.Session {
	const row = 1 << 10
	tag := t.Tag()
	var b strings.Builder
	b.WriteString(`[`)
	for i := 0; b.Len() < size-row; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"row":%d,"text":"`, i)
		piece := fmt.Sprintf("%s-%d é ", tag, i)
		b.WriteString(strings.Repeat(piece, row/len(piece)))
		b.WriteString(`"}`)
	}
	b.WriteString(`]`)
	return sessionOf(t, member{"rows", b.String()}, member{"last", text(tag)})
}

func large(t *engine.C) {
	t.Patient(4)
	for _, size := range sizes {
		id, old := t.ID(), t.Session("tag", t.Tag())
		t.Set(id, old)
		want := sized(t, size)
		if err := t.TrySet(id, want); err != nil {
			expectRefusal(t, err)
			want = old
		}
		expectData(t, t.Get(id), want)
	}
}

func sizeLimit(t *engine.C) {
	t.Patient(4)
	taken := 0
	for _, size := range append([]int{4_000, 30_000}, sizes...) {
		id := t.ID()
		if err := t.TrySet(id, sized(t, size)); err != nil {
			if errors.Is(err, engine.ErrTimedOut) {
				t.Observe("takes %d bytes; does not answer to %d", taken, size)
			} else {
				t.Observe("takes %d bytes; refuses %d: %s", taken, size, phrase.Text(err.Error()))
			}
			return
		}
		taken = size
	}
	t.Observe("takes %d bytes", taken)
}
